import { apiGroup, versionOf } from './apiVersion.ts';
import {
  arrayMember,
  isArray,
  isObject,
  member,
  memberAt,
  stringMember,
  withMember,
  withoutMember,
} from './json.ts';
import { printYaml } from '../yaml/index.ts';
import { helmReleaseGroup } from './schema/flux/helmRelease.ts';
import type { JsonArray, JsonObject, JsonValue } from './types.ts';

type Path = readonly (string | number)[];

/** One step of a rewrite. The steps hold one after another, each for the result of those before. */
export type MigrationChange =
  | { readonly type: 'set'; readonly path: Path; readonly value: JsonValue }
  /** Puts an item into a list, at the index that ends the path. */
  | { readonly type: 'insert'; readonly path: Path; readonly value: JsonValue }
  | { readonly type: 'remove'; readonly path: Path };

/** What a person has to settle before the result is good. */
export interface MigrationProblem {
  readonly code:
    /** `sourceRef` names no kind, which Flux 2.4 and later require. */
    | 'source-kind-missing'
    /** A field that v2 does not have holds something that cannot be carried over. */
    | 'not-convertible';
  readonly path: Path;
}

export interface Migration {
  readonly value: JsonObject;
  readonly changes: readonly MigrationChange[];
  readonly problems: readonly MigrationProblem[];
}

interface Steps {
  readonly changes: readonly MigrationChange[];
  readonly problems: readonly MigrationProblem[];
}

/**
 * Rewrites a HelmRelease of v2beta1 or v2beta2 to v2, which lacks `chart.spec.valuesFile`, the post renderers'
 * `patchesStrategicMerge` and `patchesJson6902`, and `status.lastAppliedRevision`. The result renders the same: the
 * single values file came before the list, and kustomize applies strategic merge patches before `patches` and JSON
 * patches after them. Anything else than such a HelmRelease is given back as it is.
 *
 * Follows `api/v2beta2` and `internal/postrender` of helm-controller v0.37 and `GetValuesFiles` of source-controller v1.2.
 */
export function migrateHelmRelease(object: JsonObject): Migration {
  const apiVersion = stringMember(object, 'apiVersion');
  const version = versionOf(apiVersion);
  const isOld = version === 'v2beta1' || version === 'v2beta2';
  if (
    apiGroup(apiVersion) !== helmReleaseGroup ||
    stringMember(object, 'kind') !== 'HelmRelease' ||
    !isOld
  ) {
    return { value: object, changes: [], problems: [] };
  }
  const renderers = arrayMember(member(object, 'spec'), 'postRenderers');
  const steps: readonly Steps[] = [
    changes({ type: 'set', path: ['apiVersion'], value: `${helmReleaseGroup}/v2` }),
    migrateValuesFile(memberAt(object, 'spec', 'chart', 'spec')),
    checkSourceKind(memberAt(object, 'spec', 'chart', 'spec', 'sourceRef')),
    ...renderers.map((renderer, i) => migratePatches(member(renderer, 'kustomize'), i)),
    memberAt(object, 'status', 'lastAppliedRevision') === undefined
      ? changes()
      : changes({ type: 'remove', path: ['status', 'lastAppliedRevision'] }),
  ];
  const all = steps.flatMap((step) => step.changes);
  const value = all.reduce<JsonValue>((at, change) => applyAt(at, change.path, change), object);
  return {
    value: isObject(value) ? value : object,
    changes: all,
    problems: steps.flatMap((step) => step.problems),
  };
}

function changes(...list: readonly MigrationChange[]): Steps {
  return { changes: list, problems: [] };
}

function migrateValuesFile(spec: JsonValue | undefined): Steps {
  const path = ['spec', 'chart', 'spec', 'valuesFile'];
  const file = member(spec, 'valuesFile');
  if (file === undefined) return changes();
  const files = member(spec, 'valuesFiles');
  if (typeof file !== 'string' || (files !== undefined && files !== null && !isArray(files))) {
    return { changes: [], problems: [{ code: 'not-convertible', path }] };
  }
  const remove: MigrationChange = { type: 'remove', path };
  const list = ['spec', 'chart', 'spec', 'valuesFiles'];
  if (file === '' || (isArray(files) && files[0] === file)) return changes(remove);
  return isArray(files) && files.length > 0
    ? changes({ type: 'insert', path: [...list, 0], value: file }, remove)
    : changes({ type: 'set', path: list, value: [file] }, remove);
}

function checkSourceKind(sourceRef: JsonValue | undefined): Steps {
  if (!isObject(sourceRef) || stringMember(sourceRef, 'kind') !== '') return changes();
  const path = ['spec', 'chart', 'spec', 'sourceRef', 'kind'];
  return { changes: [], problems: [{ code: 'source-kind-missing', path }] };
}

function migratePatches(kustomize: JsonValue | undefined, index: number): Steps {
  const path: Path = ['spec', 'postRenderers', index, 'kustomize'];
  const merges = convertList(kustomize, 'patchesStrategicMerge', path, (item) =>
    isObject(item) ? { patch: printYaml(item) } : undefined,
  );
  const operations = convertList(kustomize, 'patchesJson6902', path, (item) => {
    const patch = member(item, 'patch');
    const target = member(item, 'target');
    return isArray(patch) && isObject(target) ? { patch: printYaml(patch), target } : undefined;
  });
  const patches = arrayMember(kustomize, 'patches');
  const at: Path = [...path, 'patches'];
  const inserted = (items: JsonArray, from: number): readonly MigrationChange[] =>
    items.map((value, i) => ({ type: 'insert', path: [...at, from + i], value }));
  const { length } = merges.items;
  const added: readonly MigrationChange[] =
    length + operations.items.length === 0
      ? []
      : patches.length === 0
        ? [{ type: 'set', path: at, value: [...merges.items, ...operations.items] }]
        : [...inserted(merges.items, 0), ...inserted(operations.items, length + patches.length)];
  return {
    changes: [...added, ...merges.removals, ...operations.removals],
    problems: [...merges.problems, ...operations.problems],
  };
}

/** The items of one old list in their new form; the list stays when one of them has none. */
function convertList(
  kustomize: JsonValue | undefined,
  field: string,
  path: Path,
  convert: (item: JsonValue) => JsonObject | undefined,
): {
  readonly items: readonly JsonObject[];
  readonly removals: readonly MigrationChange[];
  readonly problems: readonly MigrationProblem[];
} {
  const list = member(kustomize, field);
  if (list === undefined) return { items: [], removals: [], problems: [] };
  const at: Path = [...path, field];
  const converted = isArray(list) ? list.map(convert) : [undefined];
  const items = converted.filter((item) => item !== undefined);
  if (items.length === converted.length) {
    return { items, removals: [{ type: 'remove', path: at }], problems: [] };
  }
  const problems = converted.flatMap((item, i): readonly MigrationProblem[] =>
    item === undefined ? [{ code: 'not-convertible', path: isArray(list) ? [...at, i] : at }] : [],
  );
  return { items: [], removals: [], problems };
}

/** Applies a change below a value. A path that does not fit leaves the value as it is. */
function applyAt(value: JsonValue, path: Path, change: MigrationChange): JsonValue {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    if (!isArray(value)) return value;
    if (rest.length === 0 && change.type === 'insert') {
      return [...value.slice(0, step), change.value, ...value.slice(step)];
    }
    return value.map((item, i) => (i === step ? applyAt(item, rest, change) : item));
  }
  if (!isObject(value)) return value;
  if (rest.length === 0) {
    if (change.type === 'set') return withMember(value, step, change.value);
    return change.type === 'remove' ? withoutMember(value, step) : value;
  }
  const below = member(value, step);
  return below === undefined ? value : withMember(value, step, applyAt(below, rest, change));
}
