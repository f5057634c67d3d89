DROP TABLE cortex_unique_values;
DROP TABLE cortex_fields;
