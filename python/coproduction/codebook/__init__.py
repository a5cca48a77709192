"""The codebook of columns and answers, and the checks that it does not contradict itself."""
