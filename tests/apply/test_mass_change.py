"""The guard against a batch that alters too much of a library at once."""

import pytest

from cineorg.apply.mass_change import allowed_changes, check_mass_change
from cineorg.changes import MakeDir, Move, Relink, RemoveDir, RemoveLink, SetFilePath
from cineorg.errors import ConfigError, RefusedError


@pytest.mark.parametrize(
    ("total", "limit", "allowed"),
    [
        *[(0, "", 100), (499, "", 100), (500, "", 100), (1000, "", 200), (50, "20%", 10), (50, "7", 7), (9, "0", 0)],
        *[(1000, "0.5%", 5), (3, "100%", 3), (7, "500", 500)],
    ],
)
def test_what_is_allowed(total, limit, allowed):
    assert allowed_changes(total, limit) == allowed
    plan = [RemoveLink(f"/v/{number}", "x") for number in range(allowed)]
    check_mass_change(plan, total, limit)
    with pytest.raises(RefusedError, match=f"--max-changes {allowed + 1}$") as refused:
        check_mass_change([*plan, Relink("/v/one/more", "x", "y")], total, limit)
    assert refused.value.exit_code == 4
    assert "nothing was changed" in str(refused.value)


def test_only_links_count_and_each_once():
    harmless = [MakeDir("/v/a"), RemoveDir("/v/b"), SetFilePath("movies", 1, None, "/x")]
    check_mass_change(harmless * 10, 10, "1")
    check_mass_change([Relink("/v/l", "a", "b"), Move("/v/l", "/v/m"), *harmless], 10, "1")


@pytest.mark.parametrize("limit", ["many", "-1", "20 percent", "%", "nan%", "inf%"])
def test_a_limit_that_cannot_be_read(limit):
    with pytest.raises(ConfigError, match="max-changes"):
        check_mass_change([], 10, limit)
