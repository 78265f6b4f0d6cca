"""The sonobuoy: it learns a member's own rhythm on each network and tells when one went quiet."""
