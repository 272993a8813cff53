"""Which genre belongs in which folder unless the configuration says otherwise. Plain data.

The order of a table is the order of precedence: the first genre in it that a film has decides.
"""

from __future__ import annotations

GENRE_FOLDERS = {
    "Animation": "Animation",
    "Science-Fiction": "SF",
    "Sci-Fi & Fantasy": "SF",
    "Fantastique": "Fantastique",
    "Fantasy": "Fantastique",
    "Horreur": "Horreur",
    "Horror": "Horreur",
    "Action": "Action & Aventure",
    "Action & Adventure": "Action & Aventure",
    "Aventure": "Action & Aventure",
    "Adventure": "Action & Aventure",
    "Comédie": "Comédie",
    "Comedy": "Comédie",
    "Drame": "Drame",
    "Drama": "Drame",
    "Thriller": "Thriller",
    "Crime": "Policier",
    "Mystère": "Thriller",
    "Mystery": "Thriller",
    "Romance": "Comédie dramatique",
    "Guerre": "Guerre & espionnage",
    "War": "Guerre & espionnage",
    "War & Politics": "Guerre & espionnage",
    "Histoire": "Historique",
    "History": "Historique",
    "Musique": "Comédie dramatique",
    "Music": "Comédie dramatique",
    "Documentaire": "Documentaire",
    "Documentary": "Documentaire",
    "Famille": "Films pour enfants",
    "Family": "Films pour enfants",
    "Kids": "Films pour enfants",
    "Western": "Western",
    "Téléfilm": "Drame",
    "TV Movie": "Drame",
}
DEFAULT_GENRE_FOLDER = "Drame"  # of a film that is known to have no genre
TYPE_FOLDERS = {"Anime": "Mangas", "Animation": "Animation"}
DEFAULT_TYPE_FOLDER = "Séries TV"
SEASON_WORD = "Saison"
