import {
  apiGroup,
  arrayMember,
  isObject,
  member,
  memberAt,
  stringMember,
} from '../engine/index.ts';
import type { JsonObject, JsonValue } from '../engine/index.ts';
import { applyEdits, insertItem, parseSource, printYaml, removeValue } from '../yaml/index.ts';
import type { EditResult, SourceDocument, TextEdit } from '../yaml/index.ts';
import type { ObjectReference } from './rows.ts';

/** What is to be done with a release on some clusters. */
export interface SuspendRequest {
  readonly release: ObjectReference;
  readonly clusters: readonly string[];
  readonly action: 'suspend' | 'resume';
  /** Of a policy that has to be made. Default: the release's with `-suspend`. */
  readonly name?: string;
}

/** A file as it is and as it is to be. An empty new text: nothing is left in it. */
export interface SuspendEdit {
  readonly before: string;
  readonly after: string;
}

/**
 * Suspends or resumes a release on some clusters by an OverridePolicy on `/spec/suspend`: Karmada takes back a change that
 * is made on the member. The smallest edit of the file with the policy that does so, or the text of a new file for a file
 * without one. Gives a sentence when nothing can be done.
 */
export function suspendEdit(
  request: SuspendRequest,
  text: string,
): SuspendEdit | { readonly reason: string } {
  const found = findSuspendPolicy(text, request.release);
  if (!found) {
    if (request.action === 'resume') {
      return { reason: `No override of the file suspends ${nameOf(request)}.` };
    }
    return { before: text, after: withDocument(text, suspendPolicy(request)) };
  }
  const after = request.action === 'suspend' ? more(found, request) : less(found, request);
  if (typeof after !== 'string') return after;
  return { before: text, after };
}

/** The policy that suspends a release on some clusters and does nothing else. */
export function suspendPolicy({
  release,
  clusters,
  name = suspendPolicyName(release),
}: Omit<SuspendRequest, 'action'>): JsonObject {
  const { apiVersion, kind, namespace } = release;
  return {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'OverridePolicy',
    metadata: { name, namespace },
    spec: {
      resourceSelectors: [{ apiVersion, kind, namespace, name: release.name }],
      overrideRules: [
        {
          targetCluster: { clusterNames: [...clusters] },
          overriders: { plaintext: [{ path: '/spec/suspend', operator: 'add', value: true }] },
        },
      ],
    },
  };
}

/** What the policy is called where nothing speaks against it. */
export function suspendPolicyName({ name }: ObjectReference): string {
  return `${name}-suspend`;
}

/** Whether a text has a policy that `suspendEdit` would edit. */
export function hasSuspendPolicy(text: string, release: ObjectReference): boolean {
  // Reading it whole is for the few that can have one.
  return text.includes('/spec/suspend') && findSuspendPolicy(text, release) !== undefined;
}

/** The clusters on which a policy suspends a release and does nothing else; `undefined` for any other policy. */
export function suspendedBy(policy: JsonValue, release: ObjectReference): string[] | undefined {
  if (!isSuspendPolicy(policy, release)) return undefined;
  return rulesOf(policy).flatMap((rule) =>
    arrayMember(member(rule, 'targetCluster'), 'clusterNames').filter(
      (name) => typeof name === 'string',
    ),
  );
}

interface Found {
  readonly text: string;
  readonly document: SourceDocument;
  readonly policy: JsonObject;
}

function findSuspendPolicy(text: string, release: ObjectReference): Found | undefined {
  for (const document of parseSource(text).documents) {
    const { value } = document;
    if (isObject(value) && isSuspendPolicy(value, release))
      return { text, document, policy: value };
  }
  return undefined;
}

/**
 * Whether a policy does nothing but suspend this release on clusters that it names, so that adding or removing a name is
 * all there is to do. It need not be written by us.
 */
function isSuspendPolicy(policy: JsonValue, release: ObjectReference): policy is JsonObject {
  if (!isObject(policy) || member(policy, 'kind') !== 'OverridePolicy') return false;
  if (!stringMember(policy, 'apiVersion').startsWith('policy.karmada.io/')) return false;
  const namespace = memberAt(policy, 'metadata', 'namespace') ?? release.namespace;
  const spec = member(policy, 'spec');
  const selectors = arrayMember(spec, 'resourceSelectors');
  const [selector] = selectors;
  return (
    namespace === release.namespace &&
    selectors.length === 1 &&
    isObject(selector) &&
    selectsOnly(selector, release) &&
    isObject(spec) &&
    // Karmada's webhook stores what has gone out of use as an empty object.
    isEmpty(member(spec, 'overriders')) &&
    isEmpty(member(spec, 'targetCluster')) &&
    rulesOf(policy).length > 0 &&
    rulesOf(policy).every(isSuspendRule)
  );
}

function isEmpty(value: JsonValue | undefined): boolean {
  return (value ?? null) === null || (isObject(value) && Object.keys(value).length === 0);
}

function rulesOf(policy: JsonValue): readonly JsonValue[] {
  return arrayMember(member(policy, 'spec'), 'overrideRules');
}

function selectsOnly(selector: JsonObject, release: ObjectReference): boolean {
  return (
    stringMember(selector, 'kind') === release.kind &&
    apiGroup(stringMember(selector, 'apiVersion')) === apiGroup(release.apiVersion) &&
    stringMember(selector, 'name') === release.name &&
    ['', release.namespace].includes(stringMember(selector, 'namespace'))
  );
}

function isSuspendRule(rule: JsonValue): boolean {
  const target = member(rule, 'targetCluster');
  const overriders = member(rule, 'overriders');
  const plaintext = arrayMember(overriders, 'plaintext');
  const [entry] = plaintext;
  return (
    isObject(target) &&
    Object.keys(target).every((key) => key === 'clusterNames') &&
    // Without a name the rule is about every cluster.
    arrayMember(target, 'clusterNames').length > 0 &&
    isObject(overriders) &&
    Object.keys(overriders).length === 1 &&
    plaintext.length === 1 &&
    stringMember(entry, 'path') === '/spec/suspend' &&
    ['add', 'replace'].includes(stringMember(entry, 'operator')) &&
    member(entry, 'value') === true
  );
}

/** Names clusters that the first rule does not name yet. `replace` fails where the release has no `spec.suspend`. */
function more(found: Found, request: SuspendRequest): string | { readonly reason: string } {
  const named = new Set(suspendedBy(found.policy, request.release));
  const missing = request.clusters.filter((cluster) => !named.has(cluster));
  if (missing.length === 0) return { reason: `${nameOf(request)} is suspended there already.` };
  const path = ['spec', 'overrideRules', 0, 'targetCluster', 'clusterNames'];
  return edited(found, missing, (document, cluster) => insertItem(document, path, cluster));
}

/** Takes the names out of every rule; a rule without names would be about every cluster, so it goes with its last. */
function less(found: Found, request: SuspendRequest): string | { readonly reason: string } {
  const wanted = new Set(request.clusters);
  const named = suspendedBy(found.policy, request.release) ?? [];
  const going = named.filter((cluster) => wanted.has(cluster));
  if (going.length === 0)
    return { reason: `No override of the file suspends ${nameOf(request)} there.` };
  if (going.length === named.length) return withoutDocument(found);
  return edited(found, going, (document, cluster) => {
    const policy = document.value;
    if (!isObject(policy)) return { reason: 'The document cannot be read' };
    for (const [index, rule] of rulesOf(policy).entries()) {
      const names = arrayMember(member(rule, 'targetCluster'), 'clusterNames');
      const at = names.indexOf(cluster);
      if (at < 0) continue;
      const path = ['spec', 'overrideRules', index];
      const rest = names.length === 1 ? [] : ['targetCluster', 'clusterNames', at];
      return removeValue(document, [...path, ...rest]);
    }
    return { edits: [] };
  });
}

/** One edit after the other, each on the text that the one before has left. */
function edited(
  { text, document, policy }: Found,
  clusters: readonly string[],
  edit: (document: SourceDocument, cluster: string) => EditResult,
): string | { readonly reason: string } {
  const index = parseSource(text).documents.findIndex(({ start }) => start === document.start);
  let after = text;
  for (const cluster of clusters) {
    const current = parseSource(after).documents[index];
    const result = current ? edit(current, cluster) : { reason: 'The document cannot be read' };
    if ('reason' in result) {
      const name = stringMember(member(policy, 'metadata'), 'name');
      return { reason: `OverridePolicy ${name} cannot be edited: ${result.reason}.` };
    }
    after = applyEdits(after, result.edits);
  }
  return after;
}

function withoutDocument({ text, document }: Found): string {
  const gone: TextEdit = { start: document.start, end: document.end, newText: '' };
  const rest = applyEdits(text, [gone]);
  return parseSource(rest).documents.every(({ value }) => (value ?? null) === null) ? '' : rest;
}

function withDocument(text: string, object: JsonObject): string {
  if (text.trim() === '') return printYaml(object);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = /[\r\n]$/.test(text) ? '' : eol;
  return `${text}${gap}---${eol}${printYaml(object).replaceAll('\n', eol)}`;
}

function nameOf({ release }: SuspendRequest): string {
  return `${release.kind} ${release.namespace}/${release.name}`;
}
