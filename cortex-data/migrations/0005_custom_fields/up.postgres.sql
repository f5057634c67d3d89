-- How filters, orders and indexes read a custom field. No value makes them fail, since another tenant may have a field
-- of the same name and of any other kind; and none says anything of a value but by its answer. That is why they may be
-- declared LEAKPROOF, which only a superuser can: without it, row-level security keeps conditions on them from an index.
CREATE FUNCTION cortex_number(extra jsonb, path text[]) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    value jsonb := extra #> path;
    number numeric;
BEGIN
    IF jsonb_typeof(value) IS DISTINCT FROM 'number' THEN
        RETURN NULL;
    END IF;
    number := value::numeric;
    IF number <> trunc(number) OR abs(number) > 9223372036854775807 THEN
        RETURN NULL;
    END IF;
    RETURN number::bigint;
END $$;

CREATE FUNCTION cortex_text(extra jsonb, path text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    -- An entry of an index has room for 2,704 bytes.
    RETURN left(extra #>> path, 500);
END $$;

CREATE FUNCTION cortex_flag(extra jsonb, path text[]) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    value jsonb := extra #> path;
BEGIN
    IF jsonb_typeof(value) IS DISTINCT FROM 'boolean' THEN
        RETURN NULL;
    END IF;
    RETURN value::boolean;
END $$;

DO $$ BEGIN
    ALTER FUNCTION cortex_number(jsonb, text[]) LEAKPROOF;
    ALTER FUNCTION cortex_text(jsonb, text[]) LEAKPROOF;
    ALTER FUNCTION cortex_flag(jsonb, text[]) LEAKPROOF;
EXCEPTION WHEN insufficient_privilege THEN
    -- A superuser runs these statements once; until then, the jobs that build indexes say so.
    NULL;
END $$;
