import {
  arrayMember,
  deepEqual,
  isObject,
  member,
  stringMember,
  validate,
} from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import type { Verdict } from '../types.ts';
import { fieldName, valueAtPath } from './fieldPath.ts';

/** Ours, and what controllers, webhooks and agents write, which no file is to say. */
const nobodys = /^vscode-karmada-flux|^karmada|controller|webhook|agent|scheduler/;
/** Controllers that write what somebody's files say. */
const somebodys: ReadonlySet<string> = new Set(['kustomize-controller', 'helm-controller']);
const mostNamed = 5;

/**
 * What other writers set that the file does not say: an apply leaves it there, although who wrote the file may take the
 * object for what it says. Defaults count for nothing, whoever is noted as their owner.
 */
export function othersFields(
  source: JsonObject,
  before: JsonObject | undefined,
  after: JsonObject | undefined,
): readonly Verdict[] {
  if (!before || !after) return [];
  const { spec } = validate(source);
  const defaulted: JsonObject = { ...source, spec: spec ?? null };
  const byManager = new Map<string, Set<string>>();
  for (const entry of arrayMember(member(before, 'metadata'), 'managedFields')) {
    const manager = stringMember(entry, 'manager');
    if (stringMember(entry, 'subresource') !== '' || isNobodys(manager)) continue;
    const sides: Sides = { source, after, defaulted };
    for (const path of missing(member(entry, 'fieldsV1'), source, [], sides)) {
      const names = byManager.get(manager) ?? new Set();
      byManager.set(manager, names.add(fieldName(path)));
    }
  }
  return [...byManager].map(([manager, names]) => staying(manager, [...names]));
}

/** Whether what a manager writes is in nobody's file. */
export function isNobodys(manager: string): boolean {
  return nobodys.test(manager) && !somebodys.has(manager);
}

interface Sides {
  readonly source: JsonObject;
  readonly after: JsonObject;
  readonly defaulted: JsonObject;
}

const skipped: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/** The topmost fields of a manager's tree that the file does not have; a list it has or has not as a whole. */
function missing(
  tree: JsonValue | undefined,
  mine: JsonValue,
  path: readonly string[],
  sides: Sides,
): readonly (readonly string[])[] {
  if (!isObject(tree)) return [];
  return Object.entries(tree).flatMap(([name, below]) => {
    const key = name.startsWith('f:') ? name.slice(2) : undefined;
    if (key === undefined || (path.length === 0 && skipped.has(key))) return [];
    const here = [...path, key];
    const value = member(mine, key);
    if (isObject(value)) return missing(below, value, here, sides);
    if (value !== undefined && value !== null) return [];
    const stays = valueAtPath(sides.after, here);
    const isDefault = deepEqual(stays, valueAtPath(sides.defaulted, here));
    return stays === undefined || isDefault ? [] : [here];
  });
}

function staying(manager: string, names: readonly string[]): Verdict {
  const shown = names.slice(0, mostNamed).join(', ');
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '';
  const [it, stays] = names.length === 1 ? ['it', 'stays'] : ['them', 'stay'];
  const message = `${manager} also sets ${shown}${more}; the file does not say ${it}, so ${names.length === 1 ? 'it' : 'they'} ${stays}.`;
  return { severity: 'warning', message, field: '' };
}
