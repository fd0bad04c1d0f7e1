"""
Words of moods and occasions, and the tags that people give to music for them: made by hand.

`tag .5` weighs half, `-tag` speaks against a tag. A catalogue's own tags need not be here: they have names.
"""

from __future__ import annotations

from collections.abc import Mapping

LEXICON: Mapping[str, str] = {
    # calm
    "calm": "ambient, chillout, relax .8, mellow .8, acoustic .4, -aggressive .5",
    "quiet": "ambient, acoustic .8, mellow .8, piano .5, -metal .5",
    "peaceful": "ambient, relax, new age .7, piano .5",
    "relax": "relax, chillout, ambient .7, mellow .7",
    "chill": "chill, chillout, downtempo .7, mellow .6",
    "chilled": "chill, chillout, downtempo .7, mellow .6",
    "laid back": "chill, mellow, reggae .5, soul .4",
    "easy": "easy listening, mellow .7",
    "soft": "mellow, acoustic .8, soft rock .6, piano .5",
    "gentle": "mellow, acoustic, folk .6, piano .5",
    "soothing": "relax, ambient, new age .6, piano .5",
    "slow": "downtempo, ballad .7, slowcore .7, mellow .5, -fast .5",
    "lazy": "chill, mellow, downtempo .6",
    "cosy": "acoustic, folk .8, mellow .8, jazz .5",
    "cozy": "acoustic, folk .8, mellow .8, jazz .5",
    "warm": "soul, acoustic .7, mellow .7",
    "meditation": "ambient, new age, meditation, drone .4",
    "yoga": "new age, ambient, world .5, relax .7",
    "spa": "new age, ambient, relax",
    "sleep": "ambient, sleep, piano .7, drone .5, lullaby .7, -aggressive .7",
    "bedtime": "ambient, sleep, lullaby .7, piano .6",
    "nap": "ambient, chillout, piano .6",
    # concentration
    "study": "ambient, instrumental .8, chillout .8, piano .6, downtempo .4",
    "focus": "ambient, instrumental, downtempo .6, minimal .5, post rock .5",
    "concentrate": "ambient, instrumental, minimal .5, piano .5",
    "work": "instrumental, ambient .7, electronic .6, downtempo .5",
    "coding": "electronic, ambient .8, instrumental .8, idm .6, techno .4",
    "programming": "electronic, ambient .8, instrumental .8, idm .6",
    "reading": "ambient, piano, classical .8, instrumental .8",
    "homework": "ambient, instrumental .8, chillout .8",
    "background": "instrumental, ambient .8, lounge .8, easy listening .6",
    # sad
    "sad": "sad, melancholic, melancholy .8, acoustic .3, -happy .5",
    "melancholy": "melancholy, melancholic, sad .7",
    "depressed": "sad, melancholic, depressive .8, doom metal .3",
    "blue": "sad, blues, melancholic .6",
    "gloomy": "dark, melancholic, gothic .6, doom metal .4",
    "heartbreak": "sad, love, ballad .6, singer songwriter .6",
    "heartbroken": "sad, love .6, ballad .6, singer songwriter .6",
    "breakup": "sad, love .6, emo .4, singer songwriter .6",
    "cry": "sad, melancholic, ballad .5",
    "tears": "sad, melancholic, ballad .5",
    "lonely": "sad, melancholic, singer songwriter .6, slowcore .4",
    "bittersweet": "melancholic, indie pop .6, nostalgic .6",
    "nostalgic": "nostalgic, oldies, melancholic .4, 80s .4",
    "rainy": "melancholic, ambient .7, jazz .5, piano .5, trip hop .4",
    "rain": "melancholic, ambient .7, piano .5, trip hop .4",
    # happy
    "happy": "happy, upbeat .8, pop .5, fun .7, -sad .6",
    "cheerful": "happy, upbeat .8, indie pop .5, fun .7",
    "joyful": "happy, upbeat .8, uplifting .8",
    "fun": "fun, happy .8, party .6, pop .4",
    "funny": "comedy, fun .8, quirky .6",
    "silly": "comedy, quirky .8, fun .8",
    "upbeat": "upbeat, happy .8, dance .5, pop .4",
    "uplifting": "uplifting, happy .6, trance .4, gospel .3",
    "sunny": "happy, summer, indie pop .5, reggae .5",
    "summer": "summer, happy .5, reggae .5, surf .5, beach .6",
    "beach": "beach, summer, reggae .7, surf .7, chillout .4",
    "holiday": "summer, happy .6, world .4, latin .5",
    "spring": "happy, indie pop, folk .5, acoustic .5",
    "optimistic": "uplifting, happy, indie pop .4",
    "hopeful": "uplifting, post rock .5, indie pop .4",
    "carefree": "happy, indie pop .6, summer .6",
    # energy
    "energetic": "energetic, dance .5, punk .5, upbeat .5, drum and bass .4",
    "energy": "energetic, dance .5, punk .4, upbeat .5",
    "fast": "fast, punk, speed metal .6, drum and bass .6, thrash metal .5",
    "loud": "metal, noise .6, hard rock .8, punk .7",
    "heavy": "heavy metal, metal, hard rock .7, doom metal .5",
    "hard": "hard rock, hardcore .8, metal .7",
    "powerful": "epic, power metal .6, hard rock .6, energetic .6",
    "pumped": "energetic, electronic .6, hip hop .5, metal .4",
    "hype": "trap, hip hop, energetic, dance .6",
    "workout": "energetic, metalcore .6, hard rock .6, electronic .6, hip hop .5, industrial .5",
    "gym": "energetic, metalcore .6, hard rock .6, hip hop .6, electronic .5",
    "training": "energetic, hard rock .7, electronic .6, hip hop .5",
    "exercise": "energetic, dance .7, electronic .6",
    "run": "energetic, electronic .7, dance .7, drum and bass .5, punk .4",
    "jogging": "energetic, dance .7, electronic .7, pop .4",
    "cardio": "energetic, dance .8, electronic .7",
    "motivation": "energetic, epic .7, hip hop .5, hard rock .5",
    "morning": "acoustic, indie pop .7, upbeat .6, folk .5",
    "wake up": "upbeat, energetic .8, indie pop .5",
    # angry, dark
    "angry": "aggressive, metalcore .8, metal .7, industrial .5, hardcore .7, angry",
    "anger": "aggressive, metalcore .8, metal .7, hardcore .7, angry",
    "furious": "aggressive, thrash metal .8, death metal .7, hardcore .7",
    "rage": "aggressive, metal .7, hardcore .7, nu metal .6",
    "aggressive": "aggressive, metal .6, hardcore .6, industrial .4",
    "brutal": "brutal death metal, death metal, grindcore .7, aggressive .6",
    "violent": "aggressive, death metal .7, grindcore .6",
    "rebellious": "punk, punk rock .8, rock .4, hip hop .3",
    "dark": "dark, gothic .7, darkwave .7, dark ambient .6",
    "scary": "dark ambient, dark, horror .8, industrial .5",
    "creepy": "dark ambient, dark, horror .7, gothic .4",
    "halloween": "gothic, dark .8, horror .8, psychobilly .4",
    "evil": "black metal, dark, death metal .7",
    "mysterious": "atmospheric, dark .6, trip hop .6, ambient .5",
    "haunting": "atmospheric, dark .6, melancholic .6, ethereal .6",
    "cold": "darkwave, dark .6, coldwave .8, minimal .5, black metal .4",
    "winter": "melancholic, ambient .8, folk .5, post rock .6, black metal .3",
    "autumn": "melancholic, folk .8, singer songwriter .6, acoustic .6",
    "bleak": "dark, post punk .7, doom metal .6, melancholic .6",
    # romance
    "love": "love, romantic, love songs .8, soul .4, ballad .5",
    "romantic": "romantic, love .9, soul .6, ballad .6, jazz .4",
    "romance": "romantic, love .9, soul .6, ballad .6",
    "date": "romantic, soul, jazz .7, lounge .6",
    "wedding": "love, romantic, soul .6, dance .4",
    "sexy": "sexy, rnb, soul .7, trip hop .4",
    "sensual": "sexy, soul, rnb .8, trip hop .6",
    "tender": "romantic, acoustic .8, ballad .7",
    "dinner": "jazz, lounge, soul .7, bossa nova .7, easy listening .6",
    # parties
    "party": "party, dance, electronic .5, house .5, pop .4, disco .5",
    "dance": "dance, electronic .6, house .6, disco .6",
    "dancing": "dance, disco .8, house .7, electronic .5",
    "danceable": "dance, disco .8, house .7, funk .6",
    "club": "house, techno, dance .8, electronic .7",
    "clubbing": "house, techno, dance .8, trance .6",
    "rave": "trance, techno, drum and bass .8, electronic .7, hardcore .3",
    "festival": "electronic, rock, indie .7, dance .6",
    "drinking": "party, folk rock .5, punk .5, country .4",
    "bar": "blues, rock .6, jazz .6, country .5",
    "barbecue": "classic rock, country .8, blues .7, reggae .6",
    "christmas": "christmas, swing .4",
    "groovy": "groovy, funk, soul .7, disco .7",
    "funky": "funk, groovy .8, soul .5, disco .5",
    "cool": "jazz .7, trip hop .6, soul .5, cool jazz .6",
    # times of day and travel
    "night": "jazz .7, downtempo .7, trip hop .7, ambient .6, dark .4",
    "late night": "jazz .8, downtempo .8, trip hop .8, ambient .5, lounge .5",
    "midnight": "jazz .7, trip hop .8, downtempo .7, dark .5",
    "evening": "jazz .7, lounge .7, downtempo .6, acoustic .5",
    "sunday": "acoustic, folk .8, soul .7, jazz .6",
    "weekend": "party, dance .8, pop .5",
    "sunset": "chillout, downtempo .8, balearic .6, dream pop .6",
    "sunrise": "ambient, chillout .8, post rock .7, uplifting .5",
    "drive": "classic rock, synthpop .6, rock .6, electronic .4",
    "driving": "classic rock, synthpop .6, rock .6, electronic .4",
    "road trip": "classic rock, country .6, indie rock .6, folk .5",
    "travel": "world, folk .6, indie .5, ambient .4",
    "walk": "indie, folk .7, acoustic .6, downtempo .5",
    "coffee": "acoustic, jazz .8, bossa nova .7, singer songwriter .7",
    "cafe": "jazz, acoustic .8, bossa nova .8, chanson .6",
    "cooking": "jazz .8, soul .8, funk .6, bossa nova .6",
    "cleaning": "pop, dance .8, upbeat .8, disco .6",
    "shower": "pop, upbeat, dance .6",
    "gaming": "electronic, video game music, drum and bass .5, metal .4, epic .5",
    "space": "space rock, ambient, electronic .5, psychedelic .5, atmospheric .6",
    "forest": "folk, ambient .8, neofolk .6, atmospheric .5",
    "nature": "ambient, folk .8, new age .6",
    "city": "hip hop .8, electronic .7, jazz .5, indie .4",
    # textures
    "dreamy": "dreamy, dream pop, shoegaze .7, ethereal .7, ambient .4",
    "ethereal": "ethereal, dream pop .8, ambient .6, new age .4",
    "floating": "ambient, dream pop .8, shoegaze .6, ethereal .6",
    "atmospheric": "atmospheric, ambient .8, post rock .7",
    "hypnotic": "hypnotic, minimal .7, techno .6, psychedelic .6, drone .4",
    "trippy": "psychedelic, trip hop .6, trance .5, psychedelic rock .8",
    "psychedelic": "psychedelic, psychedelic rock .9, space rock .5",
    "stoned": "stoner rock, psychedelic .8, reggae .7, dub .7",
    "epic": "epic, soundtrack .7, symphonic metal .6, power metal .6, post rock .5",
    "cinematic": "soundtrack, epic .7, post rock .7, ambient .6, instrumental .6",
    "heroic": "epic, power metal, soundtrack .6",
    "fantasy": "epic, power metal .7, celtic .7, folk metal .5",
    "medieval": "medieval, folk .7, celtic .6, neofolk .5",
    "beautiful": "beautiful, piano .5, ethereal .6, post rock .5, singer songwriter .4",
    "emotional": "emotional, post rock .6, melancholic .7, ballad .5, emo .4",
    "intense": "epic, aggressive .6, post rock .5, progressive metal .5",
    "weird": "experimental, avant garde .8, quirky .7",
    "strange": "experimental, avant garde .7, psychedelic .6",
    "quirky": "quirky, indie pop .7, experimental .5",
    "complex": "progressive rock, progressive metal .8, math rock .8, jazz fusion .5",
    "raw": "garage rock, punk .8, lo fi .7, black metal .3",
    "noisy": "noise, noise rock .8, shoegaze .6, industrial .5",
    "retro": "80s, oldies .8, synthpop .7, disco .5",
    "vintage": "oldies, 60s .8, swing .6, 50s .6",
    "futuristic": "electronic, idm .7, industrial .5, synthpop .5",
    "catchy": "catchy, pop, indie pop .6",
    "sophisticated": "jazz, classical .8, art rock .5",
    "spiritual": "new age, gospel .8, world .6, ambient .5",
    "unplugged": "acoustic, singer songwriter .6, folk .6",
    "without words": "instrumental, ambient .5, post rock .5",
    "no vocals": "instrumental, ambient .5, post rock .5",
    "no lyrics": "instrumental, ambient .5, post rock .5",
    "wordless": "instrumental, ambient .5, post rock .5",
    "female vocals": "female vocalists",
    "female voice": "female vocalists",
    "female singer": "female vocalists",
    "male vocals": "male vocalists",
}

NEGATIONS = frozenset(
    {"not", "no", "without", "nothing", "never", "neither", "nor", "isn't", "isnt", "don't", "dont", "except", "avoid"}
    | {"less", "hate", "anti", "non"}
)
"""Words that turn the next one round."""

DEGREES: Mapping[str, float] = {
    "a bit": 0.5, "a little": 0.5, "little": 0.5, "bit": 0.5, "slightly": 0.5, "somewhat": 0.6, "kind of": 0.6,
    "kinda": 0.6, "sort of": 0.6, "rather": 0.8, "quite": 0.9, "mostly": 1.2, "more": 1.2, "very": 1.5, "really": 1.5,
    "super": 1.5, "so": 1.2, "extremely": 2.0, "totally": 1.5, "mega": 1.5,
}  # fmt: skip

DECADES: Mapping[str, str] = {
    "fifties": "50s", "sixties": "60s", "seventies": "70s", "eighties": "80s", "nineties": "90s", "noughties": "00s",
}  # fmt: skip

ENDS = frozenset({"but", "however", "yet"})
"""Words after which nothing is turned round any more."""

JOINS = frozenset({"or", "nor", "and", "neither"})

_UNSAID = """
a an the some any something anything music song songs track tracks tune tunes band bands artist artists album
for to of in on at by with from and or is are be it that this these those i i'm im my me we you your he she
want need like give play listen listening hear feel feeling feels mood moods please as when while let let's
stuff thing things sound sounds sounding vibe vibes kind type style make makes get have good great nice best
too also just maybe now today tonight what who how about which would can could will if s t m
"""
UNSAID = frozenset(_UNSAID.split())
"""Words that say nothing of the music, though some catalogue may have them as a tag."""
