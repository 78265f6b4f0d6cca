"""What the inhabitants talk about and how: words only, no logic.

`{thing}` is one of a topic's things; every topic has its own sentences beside the general frames.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject people gather around."""

    name: str
    tags: tuple[str, ...]
    things: tuple[str, ...]
    sentences: tuple[str, ...]


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.strip().splitlines())


TOPICS: dict[str, Topic] = {
    topic.name: topic
    for topic in (
        Topic(
            "bridges",
            ("bridges", "engineering", "infrastructure"),
            _lines(
                """the old swing bridge
                an expansion joint
                the footbridge by the lock
                a riveted truss
                the cable inspection
                a bearing nobody has greased since spring
                the bascule at the harbour
                a stone arch"""
            ),
            _lines(
                """A bridge is a promise that somebody will come back with a wrench.
                Spent the morning under {thing}. You hear a structure before you see it.
                Nobody photographs {thing}, and everybody crosses it.
                What I like about {thing}: it shows you where it hurts.
                The drawings for {thing} are signed by three generations.
                If {thing} closes for a day, the town learns its own shape.
                Wrote a few pages about {thing} and who is allowed to say that it is safe.
                The load is never the lorry. The load is the ten years nobody looked."""
            ),
        ),
        Topic(
            "maintenance",
            ("maintenance", "repair", "care"),
            _lines(
                """the logbook
                a list of small repairs
                the Tuesday round
                the spare-parts shelf
                a handover note
                the boiler room
                the person who knows which valve sticks"""
            ),
            _lines(
                """Maintenance is the part of building that does not get a ribbon.
                Ode to {thing}: nobody thanks it and everything rests on it.
                An essay on {thing} is out. It is shorter than the apology for being late with it.
                Things do not fail suddenly. They fail suddenly to those who were not listening.
                You can read a place by {thing}.
                I asked what they do when nothing is broken. They showed me {thing}.
                Care is a schedule. Discuss.
                We fund openings and forget {thing}."""
            ),
        ),
        Topic(
            "gardens",
            ("gardening", "allotment", "growyourown"),
            _lines(
                """the broad beans
                a very ambitious courgette
                the compost
                last year's garlic
                the pear by the wall
                a tray of seedlings
                the neighbour's rhubarb"""
            ),
            _lines(
                """Slugs 3, me 1, but {thing} is holding the line.
                Planted out {thing} today. Talked to it, too. No regrets.
                {thing}, after rain: best smell there is.
                Traded a jar of jam for {thing}.
                The allotment taught me patience, and then took it away again.
                Anyone else too early with {thing} this year?
                Small joy: {thing}, against all advice."""
            ),
        ),
        Topic(
            "trains",
            ("trains", "nighttrain", "publictransport"),
            _lines(
                """the 6:42
                a branch line
                the sleeper north
                the signal box
                a timetable from 1974
                the dining car
                a tiny station with a heater that works"""
            ),
            _lines(
                """Writing this from {thing}. The window is doing most of the work.
                {thing} was on time and I felt suspicious the whole way.
                A guard told me the whole history of {thing} between two tunnels.
                In praise of {thing}.
                There is no better place to finish a book than {thing}.
                They want to close the line for a summer. Where would {thing} go?
                Changing at a place I cannot pronounce, thanks to {thing}."""
            ),
        ),
        Topic(
            "birds",
            ("birds", "birding", "nature"),
            _lines(
                """a pair of goldcrests
                the heron by the weir
                a very loud wren
                the first swifts
                a kestrel above the ring road
                two arguing magpies
                an owl I only heard"""
            ),
            _lines(
                """This morning: {thing}. I stood still for ten minutes and missed the bus.
                Notebook: fog, no wind, {thing}.
                If you look up from your phone near the mill there is {thing}.
                Count is done. Fewer than last year, but {thing}.
                My neighbour pointed out {thing} and now we are friends.
                Trying to draw {thing}. It looks like a potato with opinions.
                Heard before seen: {thing}."""
            ),
        ),
        Topic(
            "bread",
            ("baking", "sourdough", "bread"),
            _lines(
                """a rye with caraway
                the starter
                a tin loaf
                forty flatbreads
                the second proof
                a cardamom knot
                the oven's hot corner"""
            ),
            _lines(
                """{thing}: not pretty, gone in ten minutes.
                Cold kitchen, slow dough, good radio.
                I finally understand {thing}. Ask me again tomorrow.
                Baked for the whole staircase. {thing} went first.
                The secret of {thing} is to leave it alone, which is hard.
                My grandmother never weighed anything and {thing} was always right.
                Flour everywhere. Worth it for {thing}."""
            ),
        ),
        Topic(
            "maps",
            ("maps", "openstreetmap", "cartography"),
            _lines(
                """a bench with a view
                every kerb on our street
                the path that is only there in winter
                a drinking fountain
                the harbour survey of 1911
                contour lines
                a missing footway"""
            ),
            _lines(
                """Mapped {thing} today. Forty minutes, two conversations, one dog.
                An old map is a diary of what people were afraid to lose. See: {thing}.
                Somebody deleted {thing}, and somebody else walked there to check.
                Looking for {thing}? It is on the map now.
                I love that a stranger drew {thing} so that I would not trip.
                The legend is the most honest part of a map.
                Printed {thing} large and hung it in the stairwell."""
            ),
        ),
        Topic(
            "libraries",
            ("libraries", "books", "reading"),
            _lines(
                """a book somebody returned after 31 years
                the reading room
                a novel with a bus ticket in it
                the repair desk
                a shelf of local history
                the story hour
                a card catalogue"""
            ),
            _lines(
                """Found at work: {thing}.
                A library is the last warm room that wants nothing from you. Also it has {thing}.
                Today a child explained {thing} to me, correctly.
                Finished reading; still thinking about the last page and {thing}.
                Somebody asked for "the blue one". We found it, next to {thing}.
                Late fees are gone and {thing} came back.
                Quiet hour. Rain. {thing}."""
            ),
        ),
        Topic(
            "radio",
            ("hamradio", "radio", "electronics"),
            _lines(
                """a dipole in the loft
                a noisy power supply
                the 40 metre band
                a kit from 1982
                one contact on a wet string
                the repeater on the hill
                a cold solder joint"""
            ),
            _lines(
                """Spoke with somebody 2,000 km away through {thing}.
                It was {thing}. It is always {thing}.
                Spent an evening listening to {thing} and called it research.
                If you hear a click every four seconds, that is {thing}. Sorry.
                The club opened its doors, and eleven people came to see {thing}.
                Fixed {thing} with a part from a toaster.
                Static is only weather you have not learned to read."""
            ),
        ),
        Topic(
            "weather",
            ("weather", "climate", "sea"),
            _lines(
                """a front from the west
                a sea fog
                forty millimetres in an hour
                the tide gauge
                a dry east wind
                a halo around the moon
                the barometer in the hall"""
            ),
            _lines(
                """{thing} today, as the gulls had said.
                Rain gauge emptied, notes made, {thing} photographed.
                Long-term means are a comfort until you read them.
                Twenty years of notes and {thing} still surprises me.
                Short thread in one post: {thing} is not a mystery, it is a sum.
                The forecast was right about {thing} and wrong about my washing.
                If you have readings of {thing} from the nineties, please do not throw them away."""
            ),
        ),
        Topic(
            "software",
            ("opensource", "programming", "smallweb"),
            _lines(
                """a test that only fails on Mondays
                the changelog
                a nine-year-old issue
                a boring database
                the README
                one fewer dependency
                a very polite stack trace"""
            ),
            _lines(
                """Deleted 400 lines. Kept {thing}.
                Reviewed {thing} with tea. Recommended.
                A stranger fixed {thing} and did not even want a sticker.
                The best part of this release is {thing}.
                We need more people who write {thing} and fewer who announce it.
                Today I learned why {thing} is there, and I take it all back.
                Release is out. It is mostly {thing}."""
            ),
        ),
        Topic(
            "music",
            ("music", "folkmusic", "choir"),
            _lines(
                """an out-of-tune harmonium
                the second altos
                a tune from the islands
                a borrowed cello
                the village band
                one bar I cannot count
                a record from the flea market"""
            ),
            _lines(
                """Rehearsal tonight: {thing}, and a lot of biscuits.
                Can't get {thing} out of my head.
                We played in the kitchen again. {thing} was there too.
                Learning {thing} at the speed of moss.
                Somebody hummed along on the tram. It was {thing}.
                Found {thing}; it needs love and a new spring.
                A choir is forty people agreeing when to breathe."""
            ),
        ),
        Topic(
            "stars",
            ("astronomy", "nightsky", "stargazing"),
            _lines(
                """Saturn, wobbling
                a faint smudge that is two million years old
                the shadow of a moon
                a borrowed eyepiece
                the dark spot behind the dunes
                one bright meteor
                the school telescope"""
            ),
            _lines(
                """Clear for eleven minutes. Enough for {thing}.
                Showed {thing} to a bus driver on his break.
                My fingers are cold, and I have seen {thing}.
                {thing}. That is all, that is the post.
                The street lamp went out, and there was {thing}.
                Keeping a log of {thing} since March.
                Two neighbours, one flask, {thing}."""
            ),
        ),
        Topic(
            "mending",
            ("mending", "visiblemending", "repaircafe"),
            _lines(
                """an elbow
                a zip older than me
                a toaster from 1969
                somebody's favourite jumper
                the strap of a school bag
                a lamp with a story
                a kettle"""
            ),
            _lines(
                """Repair cafe: 19 things came in, 14 walked out, among them {thing}.
                Mended {thing} in a colour that does not apologise.
                It took an hour to fix {thing} and two to hear where it came from.
                Nobody owns {thing} for long. You look after it for a while.
                Needle, thread, radio, {thing}. A good evening.
                Somebody brought {thing} and cake.
                There is a right to repair {thing}. There is also a joy in it."""
            ),
        ),
    )
}

SALES = Topic(
    "sales",
    ("growth", "mindset", "success"),
    _lines(
        """my 5 a.m. routine
        the one habit of winners
        my free masterclass
        a funnel that prints money
        10x thinking
        the secret nobody tells you"""
    ),
    _lines(
        """Most people scroll. Winners study {thing}.
        I went from 0 to 25,000 followers with {thing}. Ask me how.
        Unpopular opinion: {thing} is all you need.
        Like this if {thing} changed your life.
        You are one post away from {thing}.
        Stop wishing. Start with {thing}. Link in bio.
        Doors close at midnight for {thing}. Again."""
    ),
)
TOPICS[SALES.name] = SALES

FRAMES = _lines(
    """{sentence}
    {sentence}
    {sentence}
    {sentence} {tag}
    {sentence} {tag}
    {sentence} {tag} {tag2}
    Good morning from {town}. {sentence}
    {sentence} More another day. {tag}
    Note to self: {sentence}
    From {town}: {sentence} {tag}"""
)

REPLIES = _lines(
    """This stays with me, especially {thing}.
    We had the same with {thing}, and nobody wrote it down.
    Thank you for this. I read it twice.
    I would have said the opposite until last week. Then: {thing}.
    Do you have a source for {thing}? I would like to read on.
    Yes, and it is never in the budget.
    My father worked with {thing} for thirty years. He would nod.
    I disagree a little, but in a good mood: what about {thing}?
    Sending this to my sister, who has talked about {thing} since Easter.
    Oh, that is well put.
    How long did {thing} take you in the end?
    I laughed out loud on the tram.
    Is there a longer version of this somewhere?
    We should talk about {thing} next time.
    You have made me go outside and look at {thing}.
    Saving this one.
    Exactly. And then somebody has to explain {thing} to the new people.
    I did not know that. Thank you.
    This is the kind of post I am here for.
    Could one say the same of {thing}?"""
)

ANSWERS = _lines(
    """Thank you! I will look into {thing}.
    That is a better way to say it than mine.
    Good question. I would start with {thing}.
    I do not know, honestly. Somebody here might.
    Ha, yes. Exactly that.
    You are right, I left out {thing}.
    Please write that up, I would read it.
    It took longer than I admit.
    Let us continue this over tea.
    I had not thought of {thing} at all.
    Glad it was of use.
    Next week I will know more."""
)

QUOTES = _lines(
    """Read this, and then the answers below it.
    The part about {thing} is what I tried to say last month.
    More of this, please. {tag}
    Keeping this here for everybody who asked me about {thing}."""
)

MENTIONS = _lines(
    """{mention} you asked about {thing}. I have news.
    Thinking of {mention} today, because of {thing}. {tag}
    {mention} look: {thing}!
    Question for {mention} and everybody who knows: what is it with {thing}?"""
)
