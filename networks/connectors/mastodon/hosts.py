"""Large public Mastodon servers with a moderation of their own, by common knowledge in 2026."""

_NAMES = """
aus.social bark.lgbt beige.party c.im chaos.social climatejustice.social cyberplace.social
det.social ecoevo.social fediscience.org fosstodon.org hachyderm.io hcommons.social
hessen.social infosec.exchange ioc.exchange jorts.horse journa.host kolektiva.social mamot.fr
mas.to masto.ai masto.es mastodon.art mastodon.cloud mastodon.gamedev.place mastodon.green
mastodon.ie mastodon.nl mastodon.nu mastodon.online mastodon.scot mastodon.sdf.org
mastodon.social mastodon.uno mastodon.world mastodon.xyz mathstodon.xyz mindly.social mstdn.ca
mstdn.jp mstdn.party mstdn.social nerdculture.de norden.social octodon.social oldbytes.space
pawoo.net phpc.social piaille.fr qoto.org ruby.social ruhr.social sfba.social sigmoid.social
social.coop social.lol social.tchncs.de social.vivaldi.net sociale.network sunny.garden
tech.lgbt techhub.social tilde.zone toot.cafe toot.community toot.io toot.wales troet.cafe
universeodon.com urbanists.social wandering.shop
"""
LARGE = frozenset(_NAMES.split())
