"""With which settings an analysis was made, as its summary and its session keep them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime

from churnkit.config import (
    AnalysisSettings,
    Gates,
    Indicators,
    IngestSettings,
    Money,
    ThresholdSettings,
    Tiers,
    TournamentSettings,
)


@dataclass(frozen=True, kw_only=True)
class RunSettings:
    """The settings of an analysis and of the reading of its file, side by side; what is not there has its default.

    Attributes
    ----------
    as_of
        Rows at or after this instant were left out; None is the end of the data.
    """

    as_of: datetime | None = None
    ingest: IngestSettings = field(default_factory=IngestSettings)
    horizon_days: int | None = None
    gates: Gates = field(default_factory=Gates)
    threshold: ThresholdSettings = field(default_factory=ThresholdSettings)
    tiers: Tiers = field(default_factory=Tiers)
    money: Money = field(default_factory=Money)
    tournament: TournamentSettings = field(default_factory=TournamentSettings)
    indicators: Indicators | None = None

    @property
    def analysis(self) -> AnalysisSettings:
        """Those of the analysis alone."""
        return AnalysisSettings(**{one.name: getattr(self, one.name) for one in fields(AnalysisSettings)})

    @classmethod
    def of(cls, analysis: AnalysisSettings, ingest: IngestSettings, as_of: datetime | None) -> RunSettings:
        """The settings of an analysis beside those of its reading."""
        return cls(as_of=as_of, ingest=ingest, **vars(analysis))
