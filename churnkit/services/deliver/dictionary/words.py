"""What the dictionary says of things that have no words elsewhere: canonical fields, files, tables and their columns."""

from __future__ import annotations

from collections.abc import Mapping

from churnkit.ingest.cells import word_table


def _lines(text: str) -> Mapping[str, str]:
    """``name: words`` entries as a dictionary."""
    return {name: ", ".join(words) for name, words in word_table(text).items()}


CANONICAL = _lines("""
order_id: the order, invoice or receipt; made of customer and time where the file has none
customer_id: who bought, as the file writes it; of one person under several ids the one on most rows
ordered_at: when the order was placed, in the shop's local time
product_id: article number or SKU
product_name: article in words
category: product group
quantity: pieces on the row, negative where they came back
unit_price: price of one piece, in the analysis' currency
amount: money of the row, in the analysis' currency; negative where it was paid back
discount: money given away on the row, in the analysis' currency
currency: code of the currency
is_return: whether the row takes goods or money back
source_row: the row of the file that it was read from, counted from 1
""")
"""Columns of ``transactions.parquet``, which a file has as far as it tells them."""

FILES = _lines("""
transactions.parquet: the canonical transactions, one row for each row of the file that counts
ledger.parquet: rows dropped or mended, by reason, with examples
contacts.parquet: how customers are reached and where they buy, by the shop's own file; only where it says so
profile.json: how good the data are and what they say before any model
look.json: how the file was read, monthly totals, what each churn threshold would mean
reading.json: how a look read the file, for the analysis that follows
summary.json: what was read, decided, proven and found
customers.parquet: one row per customer, by rank
panel.parquet: what was known of each customer at each cutoff, and what came after it
learned_panel.parquet: in a refresh, the panel of the run that trained its model, whose past dates are its own too
scored.parquet: the same at the day of scoring
contributions.parquet: what each feature adds to each customer's forecast, in log-odds
leaderboard.parquet: candidates and rules of the tournament, champion first
validation.parquet: what every candidate said of the customers that it was judged by
trials.parquet: every set of parameters that was tried
year_tests.parquet: forecasts of the year at earlier dates against what came
backtest.parquet: past forecasts against outcomes, by cutoff and tenth of customers
past.parquet: past forecasts against outcomes, by customer
evidence.json: curves, importance, rules, drivers and outlook
model.json: the champion's file, hash and figures
candidates.json: files, hashes and parameters of the models that competed
segments.json: groups of customers, who moved between them, insights
cohorts.parquet: customers by the month of their first purchase, and how many came back
baskets.json: products that go together, and how well due dates were forecast
actions.parquet: by customer the found group, value band, suggestions, and when the next order is due
indicators.json: how outside figures did on past dates; only where some were given
""")
"""Files of a look and of a run."""

TABLES = _lines("""
uploads: files that were handed over
sessions: analyses of uploads, with mapping, settings and status
put_away: deleted analyses that can be brought back for a day
put_away_files: what is kept on disk for them
shops: what analyses belong to, and what they have settled on
additions: files that the history of a shop grew by
schedules: what is done for shops by their clocks
schedule_runs: how schedules went; kept for 90 days
destinations: who gets the scores of shops
pushes: scores on their way to destinations, and how that went; kept for 90 days
pushed_customers: what destinations hold of customers
shop_events: what happened to shops: results, failures, and the log of their models
work_list: whom a shop means to speak to, and what came of it; the newest row of a customer counts
erasures: customers who were erased, as hashes, so that no file brings them back
sources: where new orders of shops come from
source_files: files that those sources brought, and what adds them to the history
training_jobs: background work on a session
runs: versions of an analysis
models: fitted models, with their files and figures
predictions: the customers of the version that is on screen
insights: what the version on screen found, as JSON
scenarios: what-ifs that somebody kept
campaigns: lists of customers to contact
campaign_members: customers on those lists
campaign_plans: frozen campaigns, with settings, assumptions and promise
campaign_plan_members: customers of a frozen campaign, as they were scored when it was frozen
campaign_plan_exclusions: customers whom a frozen campaign leaves out
campaign_readouts: what campaigns turned out to have done
preferences: what a workspace settled on, as JSON by key
own_settings: what somebody in a workspace settled on for themselves, as JSON by key
saved_answers: what was answered about files of one kind
left_workspaces: workspaces whose data were deleted at their owner's wish
removals: files that must go, so that the next start removes what a crash left
step_timings: how long steps took, for the estimate of the time left
workspaces: workspaces and their names
people: people who may sign in
memberships: which workspaces people belong to, with their role in each
sign_ins: browsers that people are signed in with
invitations: links by which people join a workspace
password_resets: links by which people set a new password
api_keys: keys of the API, revoked ones too
shares: links to one analysis for people without an account
audit_log: who did what in a workspace, and when
kept_answers: answers of the API that are kept for a day, so that a repeated request gets the same one
webhooks: addresses that are told what happens in a workspace
subscriptions: who is told of what happens to shops, and how often
messages: what was told to them, or is to be; kept for 30 days after it ended
webhook_deliveries: what was told to those addresses, or is to be; kept for 30 days after it ended
schema_migrations: versions of these tables
""")
"""Tables of the product's DuckDB file. ``campaigns`` are lists: the table is older than the word."""

COLUMNS = _lines("""
about_id: the source that is asked, or the destination that is sent to; empty where there is none
add_job_id: the work that adds the file to the history; empty until that is asked for
added_at: when the file joined the history, UTC
addition_figures: JSON; what the file changed in the history
addition_id: the addition
action: the right that it took, such as read, export or people
actor_id: id of the person, key or link that did it; empty where there is none
actor_kind: who did it: person, key, link or owner
actor_name: what whoever did it was called then, such as an email address
after_runs: whether the destination gets the scores of each new version
address: network address that the request or sign-in came from, empty where unknown; of a subscription where its mail goes
again_at: when it is tried again after it failed, UTC; empty where it is not
answer: body of the API's answer; empty while the request is being worked on
answer_status: HTTP status of the last attempt's answer; empty where none came
answer_words: why it has not arrived, in words; empty where it has, or was not tried yet
answers: JSON; what was answered
applied_at: when the migration ran, UTC
arm: treatment (to be contacted) or control (held out for comparison)
attachment: PDF that goes with the message; empty once it was delivered
attachment_name: name of that file
attempt: number of the attempt at the same due time, from 1 on
attempts: how often it was sent, or tried to be
begun_at: when it began, UTC
body: JSON; the event as it is signed and sent
body_sha256: SHA-256 of the request's body
campaign_id: the list
cause: why it ran: due, late after the server was off, again after a failure, by_hand
champion: name of what scored the customers
channel: how somebody is told: mail or slack
checksum: SHA-256 of the migration's text
column_mapping: JSON; columns of the file by field
completed_at: when the work ended, UTC
contacted_on: the day on which somebody spoke to the customer; empty where the row says nothing of that
covers_from: first order of the added file, in the time of the shop; empty for a file of changes
covers_to: last order of it
created_at: when the row was made, UTC
created_by: name of who made it
current_step: what the work is doing, in words
customer_id: the customer, as the shop's file writes it
delivery_id: key of the delivery
destination_id: the destination
destination_settings: JSON; what is sent to the destination and where it lies, without credentials
detail: more on the reason: the other campaign or the other customer
details: JSON; ids and figures of the event
disabled_at: when the person was locked out or the webhook switched off, UTC; empty for those that are neither
disabled_why: why the webhook was switched off, in words
doing: what was done, in words
done_at: when it was done, UTC; of a delivery when it arrived or failed for good, empty while it waits
due_at: when it was due, UTC
done_at: when it was done, UTC; of a delivery when it arrived or failed for good, empty while it waits; of an erasure
    empty while the work goes on
email: email address of the person, in lower case
ended_at: when it ended, UTC; empty while it goes on
entry_id: key of the row
ended_by: who ended the work: itself, a reader, a failure or the end of the server
erased_rows: rows of tables and files that the erased customer had; empty while the work goes on
erasure_id: the erasure; that of the job that did it
erasure_key: what the hashes of erased customers are made with; the same in every row
error_message: what went wrong, in words
error_remedy: how to mend it, in words
event: what is told: analysis.completed, analysis.failed or webhook.test
event_id: the event; the same each time that it is sent, so that the receiver knows a repeat
event_key: by which the same event of a shop is known when it is noted again
event_number: counts events of shops in the order in which they were noted
events: what the webhook is told of
events_from_at: what ended before this time is not told, UTC
expected_gain: what contacting the customer is expected to bring after cost, money
expires_at: when it ends by itself, UTC; empty for a key without an end
f1: F1 on the test cutoff, 0 to 1
facts: JSON; settings, assumptions and promise of the campaign
failing_from_at: when the first delivery failed since one last arrived, UTC; empty while all arrive
feature_importance: JSON; what moves the forecasts
figures: JSON; what came out
file_id: the file that a source brought
file_key: what files of one kind have in common: a hash of the header
file_label: what the file was called at its source
file_number: place among the files of one pull
file_path: where the file lies
file_size_bytes: size of the file in bytes
filename: the name that the file was handed over with
followed_up: whether what follows a version, such as messages and readouts, has been done
is_challenger: whether the version was made to be compared with the one on screen, and was never shown
finished_at: when the version was finished, UTC
generated_at: when the insights were made, UTC
generation: number of the webhook's secret, from 1 on; rotating begins the next
gives: what a file holds: all orders of its time (period) or those that are new or have changed (changes)
headers: JSON; headers of the API's answer
happened_at: when it happened, UTC
history_version: number of the addition that made the history what it was
horizon_days: churn threshold in days
html: the message for mail programs that draw
hyperparameters: JSON; settings of the model
idempotency_key: id of the API key, and the Idempotency-Key that its request carried
insight_id: key of the row
is_champion: whether this model scores the customers
is_complete: whether the window of the readout is over
is_automatic: whether the program did it by itself
job_id: key of the work
key: name of the preference
key_hash: SHA-256 of the API key, which itself is not kept
key_id: id of the API key
key_mark: mark of the server's key that the webhook's secret follows from; the key cannot be found from it
kind: what kind of work, addition, version or event or source it is
known_as: what the other tool knows the customer by: an e-mail address or the shop's id
knows_until: up to when the file knows, in the time of the shop; empty where its orders say so themselves
kinds: kinds of events that the subscription tells of
known_until: up to when orders were known when the row was written, in the time of the shop
last_failed: whether the last pull failed
last_pulled_at: when the source was last pulled, UTC
last_result: what the last pull came to, in words
last_used_at: when the API key was used last, UTC; empty if never
left_at: when the workspace was left, UTC
log_loss: logarithmic loss on the test cutoff; smaller is better
look_id: the first look that is on screen
looked_at: when the readout was made, UTC
mark: by which it is known whether the other tool holds the customer's present values
may_export: whether files may be taken out; of members and invited people it counts for viewers alone
message_id: the message; the same each time that it is sent
metadata: JSON; champion, horizon, cutoff and features of the model
method_path: method, path and query of the request
model_id: key of the model
model_type: which candidate the model is
name: what a reader or the migration calls it
next_at: when the delivery is sent next, UTC, while it waits
next_due_at: when the schedule is due next, UTC
note: what whoever wrote the row had to say
noted_at: when the row was written, UTC
noted_by: what whoever wrote the row is called; empty where the program did
panel_path: where the panel lies
passed: how many due times passed while the server was off
password_hash: the password as argon2 hashes it; empty where another system vouches for the person
path: file or folder that must go
paused_at: since when the schedule does nothing or the source is asked by none, UTC; empty while it goes on
paused_why: why the schedule does nothing
person_id: the person
person_hash: keyed hash of an erased customer, or of an e-mail address of theirs
pid: number of the working process
pid_started: when that process began, to tell it from a later one with its number
place: place in the campaign, best first, from 0 on
plain: the message as plain text
plan_id: the frozen campaign
precision: of those called churners, the share who were, 0 to 1
predicted_at: when the customer was scored, UTC
prediction_id: key of the forecast
prefix: how the API key begins, to recognise it by
progress: percent done, 0 to 100
pull_cursor: JSON; where the next pull goes on
pulled_at: when the file came, UTC
push_figures: JSON; how many customers the sending reached, and why it did not reach others
push_id: key of the sending
push_words: why the last attempt at the sending failed, in words
put_away_at: when the analysis was deleted so that it can be brought back, UTC
reader_ended: how the process that opened the file ended, where it did so early
readout_id: key of the readout
reason: why the customer is left out, a key of the campaign's reasons
recall: of the churners, the share who were called so, 0 to 1
recommendations: JSON; what to do
recorded_at: when the time was taken, UTC
refused_why: why the file cannot be added, in words; empty where it can
report_at: when the next report goes, UTC; empty where none is wanted
request: JSON; what was asked of the work
requested_at: when the erasure was asked for, UTC
revoked_at: when the key or link was taken back, UTC; empty if it was not
rhythm: how often: soon, daily or weekly
roc_auc: area under the ROC curve on the test cutoff, 0.5 is chance
role: viewer, analyst or administrator
rotated_at: when the webhook last got another secret, UTC; empty if never
row_count: rows of the file
rule: JSON; when the schedule is due, by the clock of the shop
run_id: the version of the analysis
run_words: what came of it, in words
savable: part of the usual success to be expected with this customer, 0 to 1
schedule_id: the schedule
schedule_run_id: key of the run of the schedule
scope: what the API key may do: read, run or admin
sealed: credentials, sealed with the key of the server
sealed_address: address of the chat, which only the server with its key can read; empty for mail
seconds: duration in seconds
seen_at: when the sign-in was used last, UTC, to about a minute
segments: JSON; groups of customers
session_id: the analysis
settings: JSON; what was set
sha256: SHA-256 of the file
share_id: key of the link
sentence: what happened, in words
shop_id: the shop; the same as that of its analysis
shop_settings: JSON; what the shop has settled on
source: of a readout, where the results came from; of a person, who vouches for them: local, proxy or a provider
source_settings: JSON; where the source looks, without credentials
started_at: when the work began, UTC
started_on: the day that the campaign went out
state: how it stands: of the work list to_do, contacted, answered, back or gave_up; of a schedule waiting, running, done,
    failed, asks or skipped
status: configured, training or completed; of work pending, running, completed or failed; of a campaign planned, running or
    ended; of a customer active or lapsed; of a delivery waiting, delivered or failed; of a kept answer its HTTP status
step: name of the step
source_id: where the file came from; empty where somebody handed it over
stop_token: by which the link in a mail ends the subscription
stratum: group within which the holdout was drawn
subject: what the system that vouches for the person calls them, empty for people with a password here; of a message its
    title
subject_id: what it was done to, where that has an id
subscription_id: the subscription
summary: JSON; what the version found
summary_stats: JSON; figures of the version
takes_out_missing: whether orders of its time that the file does not hold left the history
tenant_id: the workspace that the row belongs to
time_zone: zone whose mornings are meant, by its IANA name
token_hash: SHA-256 of the secret in the link or the browser, which itself is not kept
told_at: when the last digest was made, UTC
told_until: number of the last event that was told or was there before
top_risk_factors: JSON; the strongest reasons, in words
trained_by: the version whose model scored; empty for those that trained their own
trained_at: when the model was fitted, UTC
transactions_path: where the canonical transactions lie
upload_id: the file that was handed over
uploaded_at: when it was handed over, UTC
url: address that the webhook leads to
used_at: when it was used last, UTC
user_agent: what the browser called itself
user_id: who handed the file over; empty without accounts
value: JSON; the preference
version: number of the migration
webhook_id: the webhook
what: what the schedule does: pull, refresh, retrain, report or push
with_report: whether the report goes there on Mondays
words: what the readout says, in sentences
zone: time zone that the next due time was reckoned in
""")
"""Columns of those tables that the registry of ``text.columns`` does not explain."""
