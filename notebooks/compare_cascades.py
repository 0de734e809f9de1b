# %% [markdown]
# # The seed's cascades, side by side
#
# Four cascades that vendors wrote about in 2021: a service message by VK, Viber and SMS; winning customers back by
# push, e-mail, Viber and SMS; and three messages about an order, by WhatsApp or by SMS. Each is played five times with
# the rules and prices of October 2021. Replication *n* of all four shares its random numbers, so a difference between
# the last two, which have the same customers, is a difference between cascades and not one of luck.
#
# On the command line the same is `prelaunch compare FILE FILE`.

# %%
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import matplotlib.pyplot as plt

from prelaunch.comparing import compare_runs
from prelaunch.reports.numbers import in_unit
from scenarios.experiments.prepare import prepare_file

LIBRARY = Path.cwd().parent / "scenarios" / "library"
WHATSAPP, SMS = "idigital-whatsapp-chain", "idigital-sms-chain"
CASCADES = ["smartadv-service", "manzana-cascade", WHATSAPP, SMS]
CUSTOMERS = {"audience.synthetic.size": 300}  # the files say more; a notebook should be quick


def quietly(label: str, total: int) -> AbstractContextManager[object]:
    """Return a place for progress that shows nothing."""
    return nullcontext(lambda done: None)


runs = [prepare_file(LIBRARY / f"{name}.yaml", overrides=CUSTOMERS).compiled() for name in CASCADES]
comparison, _ = compare_runs(CASCADES, runs, replications=5, engine="compiled", jobs=1, stage=quietly)
lines = {line.measure.name: line for line in comparison.lines}

# %% [markdown]
# ## Means, and their 95 % intervals

# %%
SHOWN = {
    "cost_per_reached": "RUB per recipient reached",
    "reach_fate": "share reached",
    "read_fate": "share that read it",
    "time_to_reach_p95": "hours until 95 % of these are reached",
}

figure, places = plt.subplots(2, 2, figsize=(9, 4.4), layout="constrained", sharey=True)
for place, (name, title) in zip(places.flat, SHOWN.items(), strict=True):
    for row, cell in enumerate(lines[name].cells):
        found = cell.figure
        place.errorbar(found.mean, row, xerr=found.half_width, fmt="o", capsize=4)
    place.set_title(title, loc="left", fontsize=10)
    place.set_yticks(range(len(CASCADES)), CASCADES)
    place.set_xlim(left=0)
    place.margins(y=0.15)
    place.grid(axis="x", alpha=0.4)
places[0, 0].invert_yaxis()
plt.show()

# %% [markdown]
# ## The means as a table

# %%
print(f"{'':27}" + "".join(f"{name:>27}" for name in CASCADES))
for line in comparison.lines:
    values = [in_unit(cell.figure.mean, cell.figure.unit, comparison.currency) for cell in line.cells]
    print(f"{line.measure.label:27}" + "".join(f"{value:>27}" for value in values))

# %% [markdown]
# ## Reading it
#
# The sentences are made from the figures above. Of the pair with the same customers, WhatsApp is the baseline.

# %%
pair, _ = compare_runs([WHATSAPP, SMS], runs[2:], replications=5, engine="compiled", jobs=1, stage=quietly)
dearer = next(line for line in pair.lines if line.measure.name == "cost_per_reached").cells[1]
reach, read = ([cell.figure.mean for cell in lines[name].cells] for name in ("reach_fate", "read_fate"))
late = [cell.figure.mean for cell in lines["time_to_reach_p95"].cells]

# The words below hold for these figures only; if a figure turns, this cell fails instead of saying what is not so.
assert dearer.differs
assert dearer.difference.mean > 0
assert max(read[:2]) < min(reach[:2])
assert min(late[:2]) > max(late[2:])

print(
    f"1. An order told by SMS costs {dearer.difference.mean:.2f} RUB more than one told by WhatsApp, where every\n"
    "   customer is taken to answer the first message, which makes the next two free.\n"
    f"2. The first two cascades reach {reach[0]:.0%} and {reach[1]:.0%} of their people, but only {read[0]:.0%} and"
    f" {read[1]:.0%} are known to\n   have read it: the SMS at the end delivers, and nobody tells if it was read.\n"
    f"3. From cheap to dear takes time: the last of those reached wait {late[0]:.0f} and {late[1]:.0f} hours,"
    " where one channel alone\n   takes minutes."
)
