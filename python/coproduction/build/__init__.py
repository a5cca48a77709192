"""All code that uses dbt: steps at the start of dbt, functions that models call, and publication at the end."""
