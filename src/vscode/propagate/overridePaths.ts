/** A place in a manifest that an override can set. */
export interface OverridePath {
  /** A JSON pointer. */
  readonly path: string;
  /** The value there as a line of YAML. */
  readonly valueText: string;
}

const mostPaths = 2000;
const deepest = 60;

/**
 * The places of a manifest at which a value can be set: every value that holds no other, empty maps and lists, and lists as
 * a whole. Values of the chart in front, then the rest of the spec, then labels and annotations.
 */
export function overridePaths(
  manifest: unknown,
  print: (value: unknown) => string,
): readonly OverridePath[] {
  const found: OverridePath[] = [];
  const visit = (value: unknown, path: string, depth: number): void => {
    if (found.length >= mostPaths) return;
    const isList = Array.isArray(value);
    const children = depth < deepest && typeof value === 'object' && value !== null ? value : {};
    const entries = Object.entries(children);
    if (isList || entries.length === 0) found.push({ path, valueText: print(value) });
    for (const [key, child] of entries) {
      visit(child, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, depth + 1);
    }
  };
  const { spec, metadata, ...rest } = toRecord(manifest);
  const { values, ...otherSpec } = toRecord(spec);
  const { labels, annotations } = toRecord(metadata);
  if (values !== undefined) visit(values, '/spec/values', 0);
  for (const [key, value] of Object.entries(otherSpec)) visit(value, `/spec/${key}`, 0);
  if (labels !== undefined) visit(labels, '/metadata/labels', 0);
  if (annotations !== undefined) visit(annotations, '/metadata/annotations', 0);
  for (const [key, value] of Object.entries(rest)) {
    if (!['apiVersion', 'kind', 'status'].includes(key)) visit(value, `/${key}`, 0);
  }
  return found;
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
