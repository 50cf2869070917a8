"""Campaigns: who is contacted and who is left out for comparison, frozen with scores, and files for other tools."""

from churnkit.campaigns.arms import HOLDOUT, TREATMENT, assign_arms, strata, value_fifths
from churnkit.campaigns.contact_ids import CONTACT_COLUMNS, contacts_of, email_of, phone_of, sha256_of
from churnkit.campaigns.exclusions import REASONS, Exclusions
from churnkit.campaigns.exports import EXPORTS, Export, ExportFormat, export
from churnkit.campaigns.plan import CampaignPlan, plan_campaign

__all__ = [
    "CONTACT_COLUMNS",
    "EXPORTS",
    "HOLDOUT",
    "REASONS",
    "TREATMENT",
    "CampaignPlan",
    "Exclusions",
    "Export",
    "ExportFormat",
    "assign_arms",
    "contacts_of",
    "email_of",
    "export",
    "phone_of",
    "plan_campaign",
    "sha256_of",
    "strata",
    "value_fifths",
]
