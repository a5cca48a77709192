"""A survey warehouse for councils."""

import os

# numpy's linear algebra would start threads for products that take microseconds, and they would mostly wait for each
# other: est_joint_correlates of 100,000 respondents took 91 CPU seconds with two threads and 19 with one. Without them
# the last bits of a result do not depend on the number of cores either. numpy reads this once, when it is loaded. A
# number that the user has set stays.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
