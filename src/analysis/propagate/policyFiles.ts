import { isObject, member, memberAt, stringMember } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import { applyEdits, printYaml } from '../../yaml/index.ts';
import { fixBy } from '../fixes/changes.ts';
import { listName } from '../listName.ts';
import type { Item, Snapshot } from '../snapshot.ts';
import { changesBetween } from './changesBetween.ts';
import { freeUri, withFile } from './world.ts';
import type { Ground, Remark, World } from './world.ts';

/** The style of files that are made here: lists stand inside their key. */
const style = { step: '  ', listStep: '  ' };

/** A world in which a policy of the documents has another spec; `undefined` where that cannot be written down. */
export function withSpec(
  ground: Ground,
  world: World,
  { item, spec }: { readonly item: Item; readonly spec: JsonObject },
  remark: Remark,
): World | undefined {
  const changes = changesBetween(['spec'], item.source['spec'], spec);
  const [fix] = fixBy(
    '',
    changes.map((change) => ({ item, change })),
  );
  if (!fix) return undefined;
  const { uri } = item.file;
  return withFile(
    ground,
    world,
    { uri, text: applyEdits(item.file.source.text, fix.edits) },
    remark,
  );
}

/** A policy that is to be made. */
export interface NewPolicy {
  readonly kind: 'PropagationPolicy' | 'ClusterPropagationPolicy';
  /** Empty for a ClusterPropagationPolicy. */
  readonly namespace: string;
  /** Whether no document of what it selects names the namespace: the policy then names none either. */
  readonly isNamespaceAssumed: boolean;
  /** What it is for, which gives it its name. */
  readonly stem: string;
  readonly spec: JsonObject;
  /** A sentence on what it does, for the top of the file. */
  readonly comment: string;
}

/** A world with a policy of its own in a file of its own. */
export function withPolicy(
  ground: Ground,
  world: World,
  { policy, folder }: { readonly policy: NewPolicy; readonly folder: string },
  warnings: readonly string[],
): World {
  const { kind, namespace, isNamespaceAssumed, spec, comment } = policy;
  const place = namespace === '' || isNamespaceAssumed ? {} : { namespace };
  const name = freeName(world.snapshot, policy);
  const object = {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind,
    metadata: { name, ...place },
    spec,
  };
  const uri = freeUri(ground, world, folder, `${kind.toLowerCase()}-${name}`);
  const text = `${commented(comment)}${printYaml(object, style)}`;
  const note = `${listName(kind, namespace, name)}: new.`;
  return withFile(ground, world, { uri, text }, { note, warnings });
}

/** A world in which a policy of the control plane is in a file, with another spec: pushed, it takes that one's place. */
export function withLivePolicy(
  ground: Ground,
  world: World,
  {
    item,
    spec,
    folder,
  }: { readonly item: Item; readonly spec: JsonObject; readonly folder: string },
  { note, warnings = [] }: Remark,
): World {
  const { kind, namespace, name, source } = item;
  const object = {
    apiVersion: stringMember(source, 'apiVersion'),
    kind,
    metadata: { name, ...(namespace === '' ? {} : { namespace }), ...ownMetadata(source) },
    spec,
  };
  const uri = freeUri(ground, world, folder, `${kind.toLowerCase()}-${name}`);
  const title = `${listName(kind, namespace, name)} as it is on the control plane, with other clusters.`;
  const text = `${commented(title)}${printYaml(object, style)}`;
  return withFile(ground, world, { uri, text }, { note, warnings });
}

/** Labels and annotations that are not Karmada's or kubectl's own. */
function ownMetadata(source: JsonObject): JsonObject {
  const own: { [key: string]: JsonObject } = {};
  for (const key of ['labels', 'annotations']) {
    const given = memberAt(source, 'metadata', key);
    const entries = isObject(given) ? Object.entries(given) : [];
    const kept = entries.filter(([name]) => !/karmada\.io\/|kubectl\.kubernetes\.io\//.test(name));
    if (kept.length > 0) own[key] = Object.fromEntries(kept);
  }
  return own;
}

function freeName({ objects }: Snapshot, { kind, namespace, stem }: NewPolicy): string {
  const taken = new Set(
    objects
      .filter((item) => item.kind === kind && item.namespace === namespace)
      .map(({ name }) => name),
  );
  for (let n = 1; ; n++) {
    const name = n === 1 ? stem : `${stem}-${n}`;
    if (!taken.has(name)) return name;
  }
}

const widest = 118;

function commented(text: string): string {
  const lines: string[] = [];
  let line = '#';
  // A name in a broken document may hold line breaks, which would end the comment.
  for (const word of text.split(/\s+/)) {
    if (line.length + word.length + 1 > widest && line !== '#') {
      lines.push(line);
      line = '#';
    }
    line = `${line} ${word}`;
  }
  return [...lines, line, ''].join('\n');
}

/** The spec of a policy as it is written, or as the control plane has it. */
export function specOf(item: Item): JsonObject {
  const spec = member(item.source, 'spec');
  return isObject(spec) ? spec : {};
}
