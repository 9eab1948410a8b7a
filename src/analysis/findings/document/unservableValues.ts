import {
  findSchema,
  isArray,
  isObject,
  memberAt,
  parseDuration,
  parseVersionRange,
  stringMember,
} from '../../../engine/index.ts';
import type { JsonValue } from '../../../engine/index.ts';
import type { SourcePath } from '../../../yaml/index.ts';
import { rootSchema, schemaAt } from '../../schemaAt.ts';
import type { Item } from '../../snapshot.ts';
import type { ObjectContext, ObjectFinding } from './objectRule.ts';

/**
 * Values that the API server takes and Flux cannot use: ranges that are no range of Masterminds/semver, and durations
 * beyond what Go holds.
 */
export function unservableValues(item: Item, { flux }: ObjectContext): readonly ObjectFinding[] {
  if (!/^(helm|source)\.toolkit\.fluxcd\.io\//.test(item.apiVersion)) return [];
  return [...badRange(item), ...badDurations(item, flux)];
}

function badRange({ kind, source }: Item): readonly ObjectFinding[] {
  const path = rangePath(kind);
  if (!path) return [];
  const value = memberAt(source, ...path);
  // Sources that are no chart repository hold one version, and no range is looked at.
  const from = stringMember(memberAt(source, ...path.slice(0, -1), 'sourceRef'), 'kind');
  if (typeof value !== 'string' || value === '') return [];
  if (from === 'GitRepository' || from === 'Bucket') return [];
  const range = parseVersionRange(value);
  if (!('error' in range)) return [];
  const message = `Flux finds no version by this, for it is no range: ${range.error}. Write something like 6.x, ^6.5.0 or ">=6.0.0 <7.0.0".`;
  return [{ code: 'invalid-value', path, message, severity: 'warning' }];
}

function rangePath(kind: string): readonly string[] | undefined {
  switch (kind) {
    case 'HelmRelease':
      return ['spec', 'chart', 'spec', 'version'];
    case 'HelmChart':
      return ['spec', 'version'];
    case 'GitRepository':
    case 'OCIRepository':
      return ['spec', 'ref', 'semver'];
    default:
      return undefined;
  }
}

const durationNames = new Set(['interval', 'timeout', 'retryInterval']);

function badDurations(
  { apiVersion, kind, source }: Item,
  flux: ObjectContext['flux'],
): readonly ObjectFinding[] {
  const found: ObjectFinding[] = [];
  const walk = (value: JsonValue | undefined, path: SourcePath): void => {
    if (isArray(value)) value.forEach((child, i) => walk(child, [...path, i]));
    if (!isObject(value) || path.at(-1) === 'values') return;
    for (const [key, child] of Object.entries(value)) {
      const at = [...path, key];
      if (typeof child !== 'string') {
        if (typeof child === 'object') walk(child, at);
      } else if (durationNames.has(key) && isTooLong(child) && isDurationField(at)) {
        const message = 'Flux cannot read this: a duration ends before 292 years.';
        found.push({ code: 'invalid-value', path: at, message, severity: 'warning' });
      }
    }
  };
  const table = findSchema(apiVersion, kind, flux);
  const isDurationField = (path: SourcePath): boolean =>
    table !== undefined &&
    schemaAt(rootSchema(table), path)?.schema.pattern?.includes('(ms|s|m') === true;
  walk(memberAt(source, 'spec'), ['spec']);
  return found;
}

const duration = /^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$/;

/** Whether this is what the schema calls a duration and Go does not. */
function isTooLong(text: string): boolean {
  return duration.test(text) && 'error' in parseDuration(text);
}
