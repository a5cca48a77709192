{#- The outcomes of the paper. The multiverse knows several readings of each, and counts the answers behind them in
    cnt_specifications; est_multiverse_axes lists the readings, and a test compares the two. -#}
{% macro outcomes_with_readings() %}{{ return(['individual_index', 'collective_participation']) }}{% endmacro %}
