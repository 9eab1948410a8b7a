/** What a user chose for one view. A value: it can be stored as it is. */
export interface ViewOptions {
  /** Words to look for; '' for everything. */
  readonly filter: string;
  readonly problemsOnly: boolean;
  /** Empty for all. */
  readonly namespaces: readonly string[];
  /** Ids of the nodes that come first. */
  readonly pins: readonly string[];
  readonly groupBy: Grouping;
}

/** What the lines at the top are grouped by; each view offers some of them. */
export type Grouping =
  | { readonly type: 'none' | 'provider' | 'region' | 'readiness' | 'namespace' }
  | { readonly type: 'label'; readonly key: string };

export const defaultViewOptions: ViewOptions = {
  filter: '',
  problemsOnly: false,
  namespaces: [],
  pins: [],
  groupBy: { type: 'none' },
};

const groupings: ReadonlySet<unknown> = new Set([
  'none',
  'provider',
  'region',
  'readiness',
  'namespace',
]);

/** Options as they were stored, by this version or another one; what does not fit is the default. */
export function readViewOptions(stored: unknown): ViewOptions {
  const from: Readonly<Record<string, unknown>> =
    typeof stored === 'object' && stored !== null ? { ...stored } : {};
  return {
    filter: typeof from['filter'] === 'string' ? from['filter'] : '',
    problemsOnly: from['problemsOnly'] === true,
    namespaces: textsOf(from['namespaces']),
    pins: textsOf(from['pins']),
    groupBy: readGrouping(from['groupBy']),
  };
}

function readGrouping(stored: unknown): Grouping {
  if (typeof stored !== 'object' || stored === null || !('type' in stored)) return { type: 'none' };
  const { type } = stored;
  if (type === 'label' && 'key' in stored && typeof stored.key === 'string') {
    return { type, key: stored.key };
  }
  return groupings.has(type) ? { type: type as 'none' } : { type: 'none' };
}

function textsOf(stored: unknown): readonly string[] {
  return Array.isArray(stored) ? stored.filter((item) => typeof item === 'string') : [];
}

/** Whether less than everything is shown. */
export function isFiltered({ filter, problemsOnly, namespaces }: ViewOptions): boolean {
  return filter.trim() !== '' || problemsOnly || namespaces.length > 0;
}

/** Whether a text has every word in it, in any order; capitals do not count. Scattered letters are in any long name. */
export function matchesFilter(text: string, filter: string): boolean {
  const lowered = text.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lowered.includes(word));
}
