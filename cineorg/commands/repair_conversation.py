"""The conversation of `cineorg repair-links` on a terminal: it shows, asks, and hands each answer to the session."""

from __future__ import annotations

from dataclasses import replace

from ..clock import with_local_times
from ..paths import terminal_text
from ..repair.diagnosis import Diagnosis
from ..repair.dialogue import NeedsConfirmation, NotPossible, Session
from .interruption import interrupt_handled
from .repair_screen import Screen, summary
from .shared.questions import Dialogue

_WORDS = {"skip": "s", "more": "m", "delete": "d", "undo": "u", "quit": "q", "help": "?", "h": "?"}


class Conversation:
    """One session on one terminal."""

    def __init__(self, dialogue: Dialogue, session: Session, screen: Screen, remedy: str, ghosts: int) -> None:
        self._dialogue, self._session, self._first_screen = dialogue, session, screen
        self._remedy, self._ghosts = remedy, ghosts
        self._asked: Diagnosis | None = None
        self.with_ghosts = False

    @property
    def _screen(self) -> Screen:
        """The screen as wide as it is now."""
        return replace(self._first_screen, width=self._dialogue.width)

    def hold(self) -> bool:
        """Go through all links; return whether Ctrl-C ended it. Raises KeyboardInterrupt when nothing is to be done."""
        try:
            self._begin()
            while self._session.current is not None:
                self._turn()
            if self._session.room <= 0 and self._session.remaining:
                self._dialogue.say("", f"That is as much as may be changed at once; to change more: {self._remedy}")
            if self._session.total or self._ghosts:
                self._dialogue.say("", self._summary())
        except KeyboardInterrupt:
            interrupt_handled()
            self._dialogue.say("", self._summary())
            confirmed = self._session.confirmed()
            if not confirmed or not self._dialogue.agrees(
                "Interrupted. Do what was confirmed all the same?", default=False
            ):
                raise
            return True
        return False

    def _summary(self) -> str:
        confirmed = self._session.confirmed()
        rows = f" {_ghost_words(self._ghosts)}." if self.with_ghosts and self._ghosts else ""
        return summary(self._session.counts(), self._session.total - confirmed) + rows

    def _begin(self) -> None:
        """Ask about all that is certain at once."""
        session, certain = self._session, self._session.certain
        if len(certain) > session.room:
            self._dialogue.say(
                f"{len(certain)} of {session.total} broken links are certain, more than the {session.room} that may be"
                f" changed at once; to change them all: {self._remedy}"
            )
            return
        parts = [f"{len(certain)} of {session.total} broken links are certain"] if certain else []
        parts += [_ghost_words(self._ghosts)] if self._ghosts else []
        if not parts:
            if session.total:
                self._dialogue.say(f"{links_text(session.total)} broken, none of them certain.")
            return
        while True:
            answer = self._dialogue.ask(f"{'; '.join(parts)}. Repair all these? [Y/n/look] ")
            word = (answer or "").lower()
            if answer is None or word in ("q", "quit"):
                session.quit()
            elif word in ("", "y", "yes"):
                session.accept_certain()
                self.with_ghosts = True
            elif word in ("l", "look"):
                self._dialogue.say(*self._screen.certain(certain))
                continue
            elif word not in ("n", "no"):
                self._dialogue.say("y repairs them, n asks about each, look shows them, q ends here.")
                continue
            return

    def _turn(self) -> None:
        """Show the link if it is a new one, ask once, and do what is said."""
        session, item = self._session, self._session.current
        if item is not self._asked and item is not None:
            self._asked = item
            self._dialogue.say(*self._screen.link(item, session.total - session.remaining + 1, session.total))
            self._show_candidates()
        answer = self._dialogue.ask(self._prompt())
        if answer is None:
            session.quit()
            return
        try:
            self._do(_WORDS.get(answer, answer))
        except NotPossible as problem:
            self._dialogue.say(f"  {terminal_text(str(problem))}")

    def _prompt(self) -> str:
        session = self._session
        shown = len(session.shown)
        choices = [f"1-{shown}" if shown > 1 else "1"] if shown else []
        choices += ["s skip"]
        choices += ["S skip series"] if session.rest_of_series() else []
        choices += ["/title", *(["m more"] if session.has_more else []), "d delete", "q quit", "? help"]
        return f"{', '.join(choices)} [{session.default}] > " if session.default else f"{', '.join(choices)} > "

    def _do(self, answer: str) -> None:
        session = self._session
        number = session.default if answer == "" and session.default else None
        if answer.isascii() and answer.isdecimal() and len(answer) < 5:
            number = int(answer)
        if number is not None:
            self._choose(number)
        elif answer.startswith("/"):
            self._search(answer[1:])
        elif answer == "s":
            session.skip()
        elif answer == "S":
            self._dialogue.say(f"  Skipped: {links_text(session.skip_series())}.")
        elif answer == "m":
            first = len(session.shown) + 1
            self._dialogue.say(*self._screen.candidates(session.show_more(), first, session.default))
        elif answer == "d":
            self._delete()
        elif answer == "u":
            self._dialogue.say(f"  Undone: {links_text(session.take_back())}.")
            self._asked = None
        elif answer == "q":
            session.quit()
        elif answer == "?":
            self._dialogue.say(*self._screen.help())
        elif answer:
            raise NotPossible("that is not one of the answers; ? explains them")

    def _choose(self, number: int) -> None:
        session = self._session
        candidates = session.shown
        try:
            follow = session.choose(number)
        except NeedsConfirmation as doubt:
            self._dialogue.say(f"  Careful: {terminal_text(str(doubt))}.")
            if not self._dialogue.agrees("  Give the link this file all the same?", default=False):
                return
            follow = session.choose(number, sure=True)
        self._dialogue.say(*self._screen.taken(candidates[number - 1].path, follow))

    def _search(self, text: str) -> None:
        found = self._session.search(text)
        if found:
            self._show_candidates()
        else:
            self._dialogue.say("  No stored video file has these words in its name or folders.")

    def _show_candidates(self) -> None:
        session = self._session
        if session.shown:
            self._dialogue.say(*self._screen.candidates(session.shown, 1, session.default))
        else:
            self._dialogue.say("  no candidates; /title searches the stored files")

    def _delete(self) -> None:
        absence = self._session.absence()
        try:
            self._session.delete()
        except NeedsConfirmation as doubt:
            self._dialogue.say(f"  {with_local_times(terminal_text(str(doubt)))}.")
        if absence.is_recent:
            # What went away just now may come back: more than one key must be pressed for it.
            if self._dialogue.ask("  It may come back. Type delete to delete the link all the same: ") != "delete":
                self._dialogue.say("  Not deleted.")
                return
        elif not self._dialogue.agrees("  Delete the link?", default=False):
            return
        self._session.delete(sure=True)


def links_text(number: int) -> str:
    """Return a number of links in words."""
    return f"{number} link{'s' * (number != 1)}"


def _ghost_words(number: int) -> str:
    if number == 1:
        return "1 catalogue row follows a file that has moved"
    return f"{number} catalogue rows follow files that have moved"
