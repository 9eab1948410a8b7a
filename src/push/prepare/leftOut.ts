import { isEncrypted } from '../../analysis/index.ts';
import type { UnsentPart } from '../../analysis/index.ts';
import { apiGroup, memberAt } from '../../engine/index.ts';
import type { ObjectReference } from '../../live/index.ts';
import type { PushSource, Question } from '../types.ts';

/** What belongs together in a sentence: kinds that are not pushed, and why. */
interface Reason {
  readonly kinds: readonly string[];
  readonly why: string;
}

const made = 'Karmada makes them itself';
/** Objects that describe a control plane, as a tool has printed them, by group. */
const reasons: Readonly<Record<string, Reason>> = {
  'cluster.karmada.io': { kinds: ['Cluster'], why: 'clusters join with karmadactl' },
  'work.karmada.io': { kinds: ['Work', 'ResourceBinding', 'ClusterResourceBinding'], why: made },
  '': { kinds: ['Event'], why: 'they only say what has happened' },
  'events.k8s.io': { kinds: ['Event'], why: 'they only say what has happened' },
};
/** As kustomize and kpt have it: the object is for tools on the user's machine. */
const localConfig = 'config.kubernetes.io/local-config';
const localGroups: ReadonlySet<string> = new Set(['kustomize.config.k8s.io']);
const local = 'they are for tools on this machine';
const encrypted = 'what SOPS has encrypted only Flux can read';

/** Why what is no object, or not yet one, cannot be sent. */
const unsentReasons: Readonly<Record<UnsentPart['type'], string>> = {
  unnamed: 'an apply needs metadata.name, and generateName does not count',
  untyped: 'an object needs both apiVersion and kind',
  templated: 'what is a template Helm has to render first',
  listed: 'a document holds one object, or a List of them',
};

/** Why an object of a document is never sent, '' when it is. */
function whyLeftOut(source: Pick<PushSource, 'reference' | 'object'>): string {
  return whyNeverThere(source) || (isEncrypted(source.object) ? encrypted : '');
}

function whyNeverThere({ reference, object }: Pick<PushSource, 'reference' | 'object'>): string {
  const group = apiGroup(reference.apiVersion);
  const reason = Object.hasOwn(reasons, group) ? reasons[group] : undefined;
  if (reason?.kinds.includes(reference.kind)) return reason.why;
  const mark = memberAt(object, 'metadata', 'annotations', localConfig);
  return localGroups.has(group) || (mark !== undefined && mark !== 'false') ? local : '';
}

/** Whether a push sends an object of a document; others only describe a control plane, or are for other tools. */
export function isPushed(source: Pick<PushSource, 'reference' | 'object'>): boolean {
  return whyLeftOut(source) === '';
}

/** Whether an object of a document can be taken off a control plane: for that its name is enough. */
export function isDeletable(source: Pick<PushSource, 'reference' | 'object'>): boolean {
  return whyNeverThere(source) === '';
}

/** One sentence for each kind that is left out, and why. */
export function leftOutQuestions(
  sources: readonly PushSource[],
  unsent: readonly UnsentPart[] = [],
): readonly Question[] {
  const left = [
    ...sources.map((source) => ({
      ...{ kind: source.reference.kind, why: whyLeftOut(source), uri: source.uri },
    })),
    ...unsent.map(({ kind, type, uri }) => ({ kind, why: unsentReasons[type], uri })),
  ].filter(({ why }) => why !== '');
  const groups = new Map<string, { kind: string; why: string; files: string[]; count: number }>();
  for (const { kind, why, uri } of left) {
    const group = groups.get(`${kind} ${why}`) ?? { kind, why, files: [], count: 0 };
    groups.set(`${kind} ${why}`, group);
    group.count += 1;
    const file = fileName(uri);
    if (!group.files.includes(file)) group.files.push(file);
  }
  return [...groups.values()].map(({ kind, why, files, count }) => ({
    severity: 'warning',
    code: 'left-out',
    message: `${countOf(kind || 'document', count)} in ${placeOf(files)} ${count === 1 ? 'is' : 'are'} left out: ${why}.`,
  }));
}

function countOf(kind: ObjectReference['kind'], count: number): string {
  return count === 1 ? `1 ${kind}` : `${count} ${pluralOf(kind)}`;
}

function pluralOf(kind: string): string {
  if (/[^aeiou]y$/.test(kind)) return `${kind.slice(0, -1)}ies`;
  return kind.endsWith('s') ? `${kind}es` : `${kind}s`;
}

function placeOf([first = '', ...more]: readonly string[]): string {
  return more.length === 0
    ? first
    : `${first} and ${more.length} more ${more.length === 1 ? 'file' : 'files'}`;
}

function fileName(uri: string): string {
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
