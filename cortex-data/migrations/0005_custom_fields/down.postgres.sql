DROP FUNCTION cortex_number(jsonb, text[]);
DROP FUNCTION cortex_text(jsonb, text[]);
DROP FUNCTION cortex_flag(jsonb, text[]);
