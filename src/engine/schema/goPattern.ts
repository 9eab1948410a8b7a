const compiled = new Map<string, RegExp>();

/**
 * A pattern of a CRD, which is in Go's syntax, as a regular expression. The two differ, for the patterns in use, only
 * in that Go's dot excludes nothing but the line feed. A pattern that does not compile matches everything.
 */
export function goPattern(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const made = compile(pattern);
  compiled.set(pattern, made);
  return made;
}

function compile(pattern: string): RegExp {
  const source = pattern.replace(/\\.|\[(?:\\.|[^\]\\])*\]|\./g, (part) =>
    part === '.' ? '[^\\n]' : part,
  );
  try {
    return new RegExp(source, 'u');
  } catch {
    return /(?:)/;
  }
}
