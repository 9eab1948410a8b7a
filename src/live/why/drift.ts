import { displayedObject } from '../../analysis/index.ts';
import {
  applyDefaults,
  deepEqual,
  findSchema,
  isObject,
  member,
  memberAt,
  setOwn,
  stringMember,
  withMember,
  withoutMember,
} from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import { printYaml } from '../../yaml/index.ts';
import { inOrder, withoutNoise } from './liveText.ts';
import { wrap } from './wrap.ts';

/** Two objects as they are compared, and whether anything differs. */
export interface Comparison {
  readonly before: string;
  readonly after: string;
  readonly isSame: boolean;
}

/** What the sides are called in the comment on top: `the Work of member1`. */
export interface SideNames {
  readonly before: string;
  readonly after: string;
}

/**
 * What a member holds beside what it should hold. Left out on both sides: status, what each server keeps for itself,
 * Karmada's bookkeeping. Defaults of the kind's schema are filled in on both sides, because the member's API server has
 * done so. Left out of the member's side: labels and annotations that only the member has, and fields that Karmada
 * retains there (`pkg/util/objectwatcher`, `pkg/resourceinterpreter/default/native/retain.go`).
 *
 * @param wanted the manifest of the Work, or what the workspace would make of it
 * @param found the member's object
 */
export function compareWithMember(
  wanted: JsonObject,
  found: JsonObject,
  names: SideNames,
): Comparison {
  const target = withDefaults(wanted);
  const retained = withoutRetained(withDefaults(found), target);
  const right = withOwnMetadata(retained, target);
  const own = ownMetadata(retained, target);
  const note = own === '' ? '' : `Karmada keeps what the member has alone: ${own}.`;
  return compare(target, right, names, note);
}

/** Two manifests that Karmada makes, without its bookkeeping: both are what would be sent. */
export function compareManifests(
  before: JsonObject,
  after: JsonObject,
  names: SideNames,
): Comparison {
  return compare(withDefaults(before), withDefaults(after), names);
}

/** @param more a sentence on what is not compared; '' for none */
function compare(before: JsonObject, after: JsonObject, names: SideNames, more = ''): Comparison {
  const left = shown(before, after, 'before');
  const right = shown(after, before, 'after');
  const isSame = deepEqual(left, right);
  const none = isSame ? `No difference between ${names.before} and ${names.after}.` : '';
  const note = comment([none, more].filter((part) => part !== '').join(' '));
  return { before: note + printYaml(left), after: note + printYaml(right), isSame };
}

function shown(object: JsonObject, other: JsonObject, side: 'before' | 'after'): JsonObject {
  return inOrder(withoutNoise(displayedObject(object, { other, side, bookkeeping: false })));
}

/** Lines of a YAML comment; '' for no text. */
function comment(text: string): string {
  if (text === '') return '';
  const lines = wrap({ text: `# ${text}`, links: [] }, '# ', 2);
  return lines.map((line) => `${line.text}\n`).join('');
}

function withDefaults(object: JsonObject): JsonObject {
  const schema = findSchema(stringMember(object, 'apiVersion'), stringMember(object, 'kind'));
  return schema ? applyDefaults(object, schema) : object;
}

/** Keys of labels and annotations that only the member has are kept there by Karmada, and are no drift. */
function withOwnMetadata(found: JsonObject, wanted: JsonObject): JsonObject {
  let metadata = member(found, 'metadata');
  if (!isObject(metadata)) return found;
  for (const field of ['labels', 'annotations']) {
    const map = member(metadata, field);
    if (!isObject(map)) continue;
    const kept = keptKeys(map, memberAt(wanted, 'metadata', field));
    metadata =
      Object.keys(kept).length === 0
        ? withoutMember(metadata, field)
        : withMember(metadata, field, kept);
  }
  return withMember(found, 'metadata', metadata);
}

/** `label team, annotation owner`: what only the member has, without what every comparison leaves out. */
function ownMetadata(found: JsonObject, wanted: JsonObject): string {
  const visible = shown(found, wanted, 'after');
  const names = (['labels', 'annotations'] as const).flatMap((field) => {
    const map = memberAt(visible, 'metadata', field);
    if (!isObject(map)) return [];
    const theirs = memberAt(wanted, 'metadata', field);
    const own = Object.keys(map).filter((key) => !isObject(theirs) || !Object.hasOwn(theirs, key));
    return own.map((key) => `${field === 'labels' ? 'label' : 'annotation'} ${key}`);
  });
  const more = names.length - mostNamed;
  return [...names.slice(0, mostNamed), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

const mostNamed = 10;

function keptKeys(found: JsonObject, wanted: JsonValue | undefined): JsonObject {
  const kept: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(found)) {
    if (isObject(wanted) && Object.hasOwn(wanted, key)) setOwn(kept, key, value);
  }
  return kept;
}

/** Paths that the member's value wins for, by kind; any apiVersion unless one is given. */
const retainedPaths: readonly {
  readonly kind: string;
  readonly apiVersion?: RegExp;
  readonly paths: readonly (readonly string[])[];
}[] = [
  {
    kind: 'HelmRelease',
    apiVersion: /^helm\.toolkit\.fluxcd\.io\/v2beta1$/,
    paths: [['spec', 'suspend']],
  },
  { kind: 'Kustomization', apiVersion: /\/v1$/, paths: [['spec', 'suspend']] },
  { kind: 'GitRepository', apiVersion: /\/v1$/, paths: [['spec', 'suspend']] },
  { kind: 'Bucket', apiVersion: /\/v1beta2$/, paths: [['spec', 'suspend']] },
  { kind: 'HelmChart', apiVersion: /\/v1beta2$/, paths: [['spec', 'suspend']] },
  { kind: 'HelmRepository', apiVersion: /\/v1beta2$/, paths: [['spec', 'suspend']] },
  { kind: 'OCIRepository', apiVersion: /\/v1beta2$/, paths: [['spec', 'suspend']] },
  {
    kind: 'Service',
    paths: [
      ['spec', 'clusterIP'],
      ['spec', 'clusterIPs'],
      ['spec', 'healthCheckNodePort'],
    ],
  },
  { kind: 'ServiceAccount', paths: [['secrets'], ['imagePullSecrets']] },
  { kind: 'PersistentVolumeClaim', paths: [['spec', 'volumeName']] },
  { kind: 'PersistentVolume', paths: [['spec', 'claimRef']] },
];

/** The member's object with what Karmada retains there taken from the other side. */
function withoutRetained(found: JsonObject, wanted: JsonObject): JsonObject {
  const kind = stringMember(found, 'kind');
  const apiVersion = stringMember(found, 'apiVersion');
  const label = memberAt(
    found,
    'metadata',
    'labels',
    'resourcetemplate.karmada.io/retain-replicas',
  );
  const paths = retainedPaths
    .filter((row) => row.kind === kind && (!row.apiVersion || row.apiVersion.test(apiVersion)))
    .flatMap((row) => row.paths);
  const all = kind === 'Deployment' && label === 'true' ? [['spec', 'replicas']] : paths;
  return all.reduce((object, path) => withValueOf(object, wanted, path), found);
}

function withValueOf(object: JsonObject, other: JsonObject, path: readonly string[]): JsonObject {
  const [key = '', ...rest] = path;
  const theirs = member(other, key);
  if (rest.length === 0) {
    return theirs === undefined ? withoutMember(object, key) : withMember(object, key, theirs);
  }
  const own = member(object, key);
  if (!isObject(own)) return object;
  return withMember(object, key, withValueOf(own, isObject(theirs) ? theirs : {}, rest));
}
