"""Buy-till-you-die models: how often customers still buy, whether they are gone, what an order is worth.

They need no labels, only each customer's repeat purchase count x, the time t_x of the last purchase and the
age T, both counted from the first purchase (``repeat_count``, ``t_x_days``, ``age_days``). The papers call
t_x "recency"; in this package recency is the days since the last purchase: the two never share the name.

References
----------
Fader, Hardie, Lee (2005), "Counting your customers" the easy way, Marketing Science 24(2): BG/NBD.
Batislam, Denizel, Filiztekin (2007), Int. J. of Research in Marketing 24(3); Hoppe, Wagner (2007),
Marketing - Journal of Research and Management 3(2): MBG/NBD.
Fader, Hardie (2005; 2013), the Gamma-Gamma model of monetary value.
"""

from churnkit.btyd.fitting import fit_bgnbd, fit_mbgnbd
from churnkit.btyd.gamma_gamma import GammaGamma, fit_gamma_gamma
from churnkit.btyd.models import BgNbd, MbgNbd
from churnkit.btyd.own_shape import own_shape

__all__ = ["BgNbd", "GammaGamma", "MbgNbd", "fit_bgnbd", "fit_gamma_gamma", "fit_mbgnbd", "own_shape"]
