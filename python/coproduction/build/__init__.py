"""All that touches dbt: what runs when dbt starts, what models call, and the publication at the end."""
