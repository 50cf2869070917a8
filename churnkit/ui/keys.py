"""Keys of the session state that more than one place reads or writes."""

from __future__ import annotations

# The analysis that is open; the one that stands in for it; whether it was dropped; the one that the sidebar waits for;
# the sidebar's list.
OPENED = "_analysis"
STAND_IN = "_analysis_standing_in"
DROPPED = "_analysis_dropped"
WAITING = "_analysis_waiting_in_sidebar"
CHOICE = "analysis_choice"
# What the address has to name, and whether that waits to be written there.
ADDRESS = "_address"
MOVED = "_address_moved"
# The tokens of links that were opened, and the analysis of somebody else that the page shows.
TOKENS = "_analysis_tokens"
FOREIGN = "_analysis_of_others"
# Whose browser the tab is, and the workspace of a visit that leaves none behind.
BROWSER = "_workspace_browser"
VISIT = "_workspace_of_visit"
# Who looks at the page, and who takes files of the open analysis out.
READER = "_reader"
EXPORTER = "_exporter"

# The workspace that is chosen in the sidebar, and whether what the browser held before is left where it is.
OTHER_WORKSPACE = "other_workspace"
NOT_CLAIMED = "_not_claimed"

# Whether the visit of this tab has begun.
BEGUN = "_visit_begun"

# The switch of the expert view, as the address names it.
EXPERT = "expert"

# The page that is open, by the stem of its file.
PAGE = "_page"
# Help: the search, as the address names it.
HELP_FIND = "find"

# How the page writes numbers and dates, a code of ``text.locale_table``.
LOCALE = "_locale"

# The work that this tab waits for, and the work whose results it has just led to.
WATCHED = "_watched_job"
JUST_DONE = "_analysis_just_done"

# Settings: the tab.
SETTINGS_TAB = "settings_tab"

# The upload: what went wrong with a file, how many were handed over (a new key lets the widget forget its file), and
# whether a file that ended a reader is looked at once more.
UPLOAD_ERROR = "upload_error"
UPLOADER_VERSION = "uploader_version"
LOOK_AGAIN = "look_at_file_again"


def uploader(version: int) -> str:
    """The file that is chosen after ``version`` others."""
    return f"uploader_{version}"


def answers(upload_id: str) -> str:
    """What was answered about an upload."""
    return f"answers_{upload_id}"


def sheets(upload_id: str) -> str:
    """The sheets that were seen in an uploaded workbook."""
    return f"sheets_{upload_id}"


# The table of outside figures as a reader handed it over.
INDICATORS_TABLE = "indicators_table"

# The list of customers: its filter, order, page and columns, each called as in the address; set from elsewhere by
# `ui.customer_link`. What the address says of a rule's conditions and of the columns last is noted apart.
CUSTOMER_SEARCH = "q"
CUSTOMER_STATUSES = "status"
CUSTOMER_TIERS = "risk"
CUSTOMER_SEGMENTS = "segment"
CUSTOMER_MOVED = "moved"
CUSTOMER_CLV_LOW = "value_from"
CUSTOMER_CLV_HIGH = "value_to"
CUSTOMER_KEPT_FROM = "kept_from"
CUSTOMER_FROM = "bought_from"
CUSTOMER_UNTIL = "bought_to"
CUSTOMER_R_SCORES = "recency"
CUSTOMER_F_SCORES = "frequency"
CUSTOMER_GROUPS = "group"
CUSTOMER_SORT = "sort"
CUSTOMER_ORDER = "order"
CUSTOMER_PAGE = "page"
CUSTOMER_ROWS = "rows"
CUSTOMER_COLUMNS = "columns"
# The rules of the risk tiers: the drawer, the bounds of the chosen one, and how the address names them.
CUSTOMER_RULES = "customer_rules"
CUSTOMER_BOUNDS = "customer_bounds"
RULE = "rule"
RULE_WRITTEN = "_rule_written"
RULE_CHOSEN = "_rule_chosen"
# One customer: who, the list that they were opened from as its address, the page of another list, the tab; and the ids of
# that other list by its page.
CUSTOMER = "customer"
CUSTOMER_LIST = "list"
CUSTOMER_BACK = "back"
CUSTOMER_VIEW = "view"
LISTED = "_listed_customers"
LINKED = "_linked_customers"

# Models: the tab, and the feature that is looked at.
MODELS_TAB = "models_tab"
VERSIONS_DRAWER = "versions_drawer"
CHECKS_PAGE = "checks_page"
ONE_FEATURE = "one_feature"

# Fields of the forms of a playbook, of a plan and of the limits of RFM scores begin so.
PLAYBOOK_FIELDS = "play_"
PLAN_FIELDS = "plan_"
BAND_FIELDS = "band_"


def text_draft(intervention: str, *, with_product: bool, dated: bool) -> str:
    """The words that a language model has written for an intervention."""
    return f"text_draft_{intervention}_{with_product}_{dated}"


# History: the tab; what went wrong with a file, how many were handed over, and what is special about them.
HISTORY_TAB = "history_tab"
HISTORY_ERROR = "_history_error"
HISTORY_VERSION = "_history_version"
HISTORY_CORRECTS = "history_corrects"
HISTORY_INSIST = "history_insist"
# Was it right: the tab.
MONITORING_TAB = "monitoring_tab"
# Campaigns: the campaign that has just been frozen, the one looked at, the tab, and the list of contacts that was read.
CAMPAIGN_SIZE = "campaign_size"
CAMPAIGN_PAYS = "campaign_pays"
CAMPAIGN_WHOM = "campaign_whom"
CAMPAIGN_LAPSED = "campaign_lapsed"
CAMPAIGN_HOLDOUT = "campaign_holdout"
CAMPAIGN_KEPT = "_campaign_kept"
CAMPAIGN_CHOSEN = "campaign_chosen"
CAMPAIGN_TAB = "campaign_tab"
CONTACTS = "_contacts"
NEW_CAMPAIGN = "New campaign"
# What a plan that was handed on assumes, with its run.
CAMPAIGN_ASSUMED = "_campaign_assumed"
# Readouts: the tab, the campaign and the look; the results that were read last with their campaign, and the file that
# they came from; the experiment that was worked out last with its file.
READOUT_TAB = "readout_tab"
READOUT_CHOSEN = "readout_chosen"
READOUT_LOOK = "readout_look"
OUTCOMES = "_outcomes"
RESULTS_TABLE = "_results_table"
EXPERIMENT = "_experiment"
EXPERIMENT_TABLE = "_experiment_table"
OFFERS_TABLE = "_offers_table"
# Try a plan: the tab, its first one, the plan on the sliders, one handed on by another page, and the run it belongs to.
WHATIF_TAB = "whatif_tab"
ONE_PLAN = "Your plan"
WHATIF_PLAN = "_whatif_plan"
WHATIF_HANDED = "_whatif_handed"
WHATIF_OWNER = "_whatif_owner"
# The exact number of customers in place of the slider's.
PLAN_EXACT = "plan_exact"
PLAN_BUDGET = "plan_budget"
PLAN_SIZE = "plan_customers"
# Whom it is chosen from.
PLAN_WHOM = "plan_whom"
PLAN_LAPSED = "plan_lapsed"
# Scoring a file: what went wrong with it, and how many were handed over (a new key lets the widget forget its file).
SCORE_ERROR = "score_error"
SCORE_VERSION = "score_version"
# Scoring a newer file of the shop: the same, and which version and model score it.
NEWER_ERROR = "newer_error"
NEWER_VERSION = "newer_version"
NEWER_RUN = "newer_run"
NEWER_MODEL = "newer_model"
# A secret that was just made, until it is shown.
WEBHOOK_SECRET = "_webhook_secret"


def history_upload(version: int) -> str:
    """The files that are added to a history after ``version`` others."""
    return f"history_upload_{version}"


def newer_file(version: int) -> str:
    """The newer file that is chosen after ``version`` others."""
    return f"newer_file_{version}"


def score_file(version: int) -> str:
    """The file of hypothetical customers that is chosen after ``version`` others."""
    return f"score_file_{version}"


# Compare: the other analysis, in the address and in its list.
COMPARE_WITH = "with"
COMPARE_CHOICE = "compare_choice"

# The analysis that was just deleted, and why one was not.
JUST_DELETED = "_just_deleted"
NOT_DELETED = "_not_deleted"
