-- Text search: what a word is, and when two are the same, in every database that is searched (docs/adr/0043).
-- Run by migrations that are released: what is to be otherwise goes into a file of the next number.

CREATE TEXT SEARCH DICTIONARY text_stem (TEMPLATE = snowball, LANGUAGE = english);

-- Case folding: the same for texts that differ in case, blanks, composition or width; TextFolding.Key in C#. PostgreSQL has casefold from 18 on only.
CREATE FUNCTION text_key(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN octet_length(words) = char_length(words) THEN lower(regexp_replace(btrim(words, E' \t\n\r'), '\s+', ' ', 'g') COLLATE "C")
    ELSE btrim(regexp_replace(
        normalize(
            replace(
                translate(lower(normalize(words, NFKD) COLLATE "und-x-icu"), U&'\03C2\0345', U&'\03C3\03B9'),
                U&'\00DF', 'ss'),
            NFKC),
        '\s+', ' ', 'g')) COLLATE "C"
END;

-- Beyond that, for search: accents, vowel marks, skin tones and joiners do not matter, nor that some letters with a stroke are letters of their own.
-- The marks of scripts that write vowels so (Devanagari, Thai) stay.
CREATE FUNCTION text_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN octet_length(words) = char_length(words) THEN text_key(words)
    ELSE normalize(
        replace(replace(replace(
            translate(
                regexp_replace(
                    normalize(text_key(words), NFD),
                    '[\u0300-\u036F\u0483-\u0489\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u0640\u064B-\u065F\u0670\u06D6-\u06DC'
                    '\u06DF-\u06E8\u06EA-\u06ED\u0711\u0730-\u074A\u1AB0-\u1AFF\u1DC0-\u1DFF\u00AD\u034F\u061C\u200B-\u200F\u202A-\u202E\u2060-\u206F'
                    '\u20D0-\u20FF\uFE00-\uFE0F\uFE20-\uFE2F\uFEFF\U0001F3FB-\U0001F3FF\U000E0020-\U000E007F\U000E0100-\U000E01EF]+',
                    '', 'g'),
                'ıøłđðħŧ', 'iolddht'),
            'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
        NFC)
END;

-- The words of a text, each in its place: runs of letters and digits; C++, C# and .NET as written; every symbol and emoji. Scripts that put no blanks
-- between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese; Korean, for its endings) are cut into pairs of characters, one beginning at each: is_pair
-- is true of these, and of the last character of a run, alone. Of a word 60 characters count, of a text 40,000.
CREATE FUNCTION text_tokens(words text) RETURNS TABLE (place bigint, word text, is_pair boolean) LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 50 AS $$
DECLARE
    unspaced CONSTANT text := '\u0E01-\u0E3A\u0E40-\u0E4E\u0E81-\u0ECD\u0EDC-\u0EDF\u1000-\u109F\u1100-\u11FF\u1780-\u17D3\u2E80-\u2FDF\u3005-\u3007\u3021-\u3029'
        '\u3031-\u3035\u303B\u3041-\u309F\u30A1-\u30FA\u30FC-\u30FF\u3105-\u312F\u3131-\u318E\u31A0-\u31BF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7A3'
        '\uF900-\uFAFF\U00020000-\U0003FFFF';
    symbols CONSTANT text := '\u20A0-\u20CF\u2190-\u2BFF\U0001F000-\U0001FAFF';
    others CONSTANT text := '$+<=>^`|~\u00A2-\u00A9\u00AC-\u00B1\u00B4-\u00B8\u00D7\u00F7\u2000-\u206F\u3000-\u303F';
    pattern CONSTANT text := '[' || unspaced || ']+|[' || symbols || ']|\.?[^[:space:][:cntrl:][:punct:]' || others || symbols || unspaced || ']+(?:\+\+|#)?';
BEGIN
    RETURN QUERY
    WITH found AS MATERIALIZED (
        SELECT match.number, groups[1] AS word, octet_length(groups[1]) > char_length(groups[1]) AND groups[1] ~ ('^[' || unspaced || ']') AS is_run
        FROM regexp_matches(left(text_fold(words), 40000) COLLATE "und-x-icu", pattern, 'g') WITH ORDINALITY AS match (groups, number)),
    part AS MATERIALIZED (
        SELECT found.number, is_run, part.word, part.number AS part_number
        FROM found, unnest(CASE WHEN is_run THEN string_to_array(found.word, NULL) ELSE ARRAY[found.word] END) WITH ORDINALITY AS part (word, number))
    SELECT row_number() OVER (ORDER BY part.number, part_number),
        CASE WHEN is_run THEN part.word || coalesce(lead(part.word) OVER (PARTITION BY part.number ORDER BY part_number), '')
            WHEN char_length(part.word) < 5 AND part.word ~ '^([a-z](\+\+|#)|\.net)$' THEN part.word
            ELSE left(btrim(part.word, '.+#'), 60) END,
        is_run
    FROM part;
END $$;

CREATE FUNCTION text_lexeme(word text, stemmed boolean) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN stemmed THEN coalesce((ts_lexize('text_stem', word))[1], word) ELSE word END;

-- What is searched: the stems of all words, without stop words (docs/adr/0016); or the words themselves, to be found by their beginnings.
CREATE FUNCTION text_vector(words text, stemmed boolean) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN coalesce((
        SELECT string_agg('''' || text_lexeme(word, stemmed AND NOT is_pair) || ''':' || place, ' ')::tsvector
        FROM text_tokens(words)), '');
END $$;

-- What one word as typed asks for, or several in quotation marks: all parts of it, one after the other.
CREATE FUNCTION text_phrase(words text, stemmed boolean) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN coalesce((
        SELECT string_agg(
            coalesce('<' || place - before || '>', '') || '''' || text_lexeme(word, stemmed AND NOT is_pair) || ''''
            || CASE WHEN is_single OR is_last AND NOT stemmed AND NOT is_pair THEN ':*' ELSE '' END,
            '' ORDER BY place)::tsquery
        FROM (
            SELECT place, word, is_pair, is_single, lag(place) OVER (ORDER BY place) AS before, lead(place) OVER (ORDER BY place) IS NULL AS is_last
            FROM (
                SELECT token.*, token.is_pair AND char_length(token.word) = 1 AS is_single,
                    lag(token.is_pair AND char_length(token.word) > 1) OVER (ORDER BY token.place) AS is_in_run
                FROM text_tokens(words) AS token) AS token
            WHERE NOT (is_single AND coalesce(is_in_run, false))) AS token), '');
END $$;

-- Words, "phrases in quotation marks", - before what must not be there, "or" between alternatives.
CREATE FUNCTION text_query(words text) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN coalesce((
        WITH item AS (
            SELECT number, groups[1] <> '' AS is_unwanted, text_phrase(coalesce(groups[2], groups[3]), true) AS phrase,
                lower(groups[3]) = 'or' AND groups[1] = '' AND number > 1 AND number < count(*) OVER () AS is_or
            FROM regexp_matches(translate(words, U&'\201C\201D\201E', '"""'), '(-*)(?:"([^"]*)"?|([^\s"]+))', 'g') WITH ORDINALITY AS match (groups, number)),
        alternative AS (
            SELECT string_agg(DISTINCT CASE WHEN is_unwanted THEN '!' ELSE '' END || '(' || phrase::text || ')', ' & ') AS query
            FROM (SELECT *, count(*) FILTER (WHERE is_or) OVER (ORDER BY number) AS number_of_or FROM item) AS item
            WHERE is_or IS NOT TRUE AND numnode(phrase) > 0 GROUP BY number_of_or)
        SELECT string_agg('(' || query || ')', ' | ')::tsquery FROM alternative), '');
END $$;

-- Beginnings of words, all of them.
CREATE FUNCTION text_beginnings(words text) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN coalesce((
        SELECT string_agg(DISTINCT '(' || phrase::text || ')', ' & ')::tsquery
        FROM regexp_split_to_table(words COLLATE "und-x-icu", '\s+') AS word, text_phrase(word, false) AS phrase
        WHERE numnode(phrase) > 0), '');
END $$;

-- For LIKE: a part of what text_fold has made.
CREATE FUNCTION text_part(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '%' || regexp_replace(text_fold(words), '([\\%_])', '\\\1', 'g') || '%';
