import { liveName, nameOfTemplate } from '../../analysis/index.ts';
import type { LiveControlPlane } from '../../analysis/index.ts';
import { arrayMember, isObject, member, memberAt, stringMember } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import { createInterner, isKubeError, readWork, stuckDeletion } from '../../live/index.ts';
import type { BindingRow } from '../../live/index.ts';
import type { CancelSignal, PushApi } from '../ports.ts';
import type { Question, WorkState } from '../types.ts';
import { label } from '../plan/labels.ts';
import { inTurns } from './inTurns.ts';
import { withoutValues } from './secretView.ts';

export type WorkStates = ReadonlyMap<string, ReadonlyMap<string, WorkState>>;

const executionNamespace = 'karmada-es-';
const idLabel = 'resourcebinding.karmada.io/permanent-id';
const clusterIdLabel = 'clusterresourcebinding.karmada.io/permanent-id';
/** More bindings are listed instead of read one by one. */
const fewBindings = 25;
/** So many ids fit well into one URL. */
const idsAtOnce = 50;

interface ListRequest {
  readonly api: PushApi;
  readonly signal?: CancelSignal;
}

interface WorksRequest extends ListRequest {
  readonly live: LiveControlPlane;
}

/**
 * The manifests in the Works that were made from bindings, by template key and cluster. Works carry the permanent id of
 * their binding as a label (`pkg/controllers/binding/common.go`), so that one list across all clusters finds them.
 */
export async function readWorks(
  bindings: readonly BindingRow[],
  request: WorksRequest,
): Promise<{ readonly states: WorkStates; readonly questions: readonly Question[] }> {
  try {
    const ids = await permanentIds(bindings, request);
    const works = await listWorks(ids, request);
    return {
      states: statesOf(works, ids, request.live),
      questions: works.flatMap((work) => stuckQuestion(work, ids)),
    };
  } catch (error) {
    if (!isKubeError(error) || !['forbidden', 'notFound'].includes(error.reason)) throw error;
    const message = `What members have now is not known, because Works or bindings cannot be read: ${error.message}`;
    return {
      states: new Map(),
      questions: [{ severity: 'warning', code: 'not-previewed', message }],
    };
  }
}

/** The bindings by their permanent ids; those that have gone since, or have none, are left out. */
export async function permanentIds(
  bindings: readonly BindingRow[],
  { api, signal }: ListRequest,
): Promise<ReadonlyMap<string, BindingRow>> {
  const rows = new Map(bindings.map((row) => [row.key, row]));
  const read =
    bindings.length > fewBindings
      ? await listBindings(bindings, { api, ...(signal ? { signal } : {}) })
      : await inTurns(bindings, (row) => getBinding(row, api, signal));
  const ids = new Map<string, BindingRow>();
  for (const object of read) {
    const metadata = member(object, 'metadata');
    const [namespace, name] = [stringMember(metadata, 'namespace'), stringMember(metadata, 'name')];
    const row = rows.get(namespace === '' ? name : `${namespace}/${name}`);
    const id = idOf(object);
    if (row && id !== '') ids.set(id, row);
  }
  return ids;
}

async function getBinding(
  { namespace, name }: BindingRow,
  api: PushApi,
  signal: CancelSignal | undefined,
): Promise<JsonObject | undefined> {
  try {
    return await api.get({ ...bindingType(namespace), namespace, name }, signal);
  } catch (error) {
    // It has gone since.
    if (isKubeError(error) && error.reason === 'notFound') return undefined;
    throw error;
  }
}

async function listBindings(
  bindings: readonly BindingRow[],
  { api, signal }: ListRequest,
): Promise<readonly JsonObject[]> {
  const namespaces = new Set(bindings.map(({ namespace }) => namespace));
  const isWide = [...namespaces].filter((namespace) => namespace !== '').length > 4;
  const asked = isWide
    ? [...(namespaces.has('') ? [bindingType('')] : []), bindingType('all')]
    : [...namespaces].map((namespace) => ({ ...bindingType(namespace), namespace }));
  const lists = await inTurns(asked, (kind) =>
    api.list({ namespace: '', ...kind }, signal ? { signal } : {}),
  );
  return lists.flat();
}

function bindingType(namespace: string): { readonly apiVersion: string; readonly kind: string } {
  const kind = namespace === '' ? 'ClusterResourceBinding' : 'ResourceBinding';
  return { apiVersion: 'work.karmada.io/v1alpha2', kind };
}

function idOf(object: JsonObject | undefined): string {
  const labels = memberAt(object, 'metadata', 'labels');
  return stringMember(labels, idLabel) || stringMember(labels, clusterIdLabel);
}

/** The Works on all clusters that were made from bindings, by few lists. */
export async function listWorks(
  ids: ReadonlyMap<string, BindingRow>,
  { api, signal }: ListRequest,
): Promise<readonly JsonObject[]> {
  const asked = [idLabel, clusterIdLabel].flatMap((label) => {
    const own = [...ids].flatMap(([id, { namespace }]) =>
      (namespace === '') === (label === clusterIdLabel) ? [id] : [],
    );
    const groups: string[] = [];
    for (let start = 0; start < own.length; start += idsAtOnce) {
      groups.push(`${label} in (${own.slice(start, start + idsAtOnce).join(',')})`);
    }
    return groups;
  });
  const kind = { apiVersion: 'work.karmada.io/v1alpha1', kind: 'Work', namespace: '' };
  const lists = await inTurns(asked, (labelSelector) =>
    api.list(kind, { labelSelector, ...(signal ? { signal } : {}) }),
  );
  return lists.flat();
}

function statesOf(
  works: readonly JsonObject[],
  ids: ReadonlyMap<string, BindingRow>,
  live: LiveControlPlane,
): WorkStates {
  const keys = new Map(
    live.objects.map((object) => [nameOfTemplate(keyOf(object)), keyOf(object)]),
  );
  const states = new Map<string, Map<string, WorkState>>();
  for (const work of works) {
    const template = ids.get(idOf(work))?.template;
    const metadata = member(work, 'metadata');
    const namespace = stringMember(metadata, 'namespace');
    const spec = member(work, 'spec');
    const manifest = arrayMember(memberAt(spec, 'workload'), 'manifests')[0];
    if (!template || !isObject(manifest) || !namespace.startsWith(executionNamespace)) continue;
    // A Work that is on its way out is none any more.
    if (isEnding(work)) continue;
    const { apiVersion, kind } = template;
    const key =
      keys.get(liveName(template)) ??
      `${apiVersion}/${kind}/${template.namespace}/${template.name}`;
    const onClusters = states.get(key) ?? new Map<string, WorkState>();
    states.set(key, onClusters);
    onClusters.set(namespace.slice(executionNamespace.length), {
      name: stringMember(metadata, 'name'),
      manifest: withoutValues(manifest),
      isHeld: member(spec, 'suspendDispatching') === true,
      preservesOnDeletion: member(spec, 'preserveResourcesOnDeletion') === true,
      isApplied: isApplied(work),
    });
  }
  return states;
}

function isEnding(work: JsonObject): boolean {
  return stringMember(member(work, 'metadata'), 'deletionTimestamp') !== '';
}

function isApplied(work: JsonObject): boolean {
  return arrayMember(member(work, 'status'), 'conditions').some(
    (condition) =>
      stringMember(condition, 'type') === 'Applied' && stringMember(condition, 'status') === 'True',
  );
}

/** Karmada writes no Work anew while the one before is being deleted (`CreateOrUpdateWork` of `pkg/controllers/ctrlutil`). */
function stuckQuestion(
  work: JsonObject,
  ids: ReadonlyMap<string, BindingRow>,
): readonly Question[] {
  // Few are being deleted of a hundred thousand.
  if (!isEnding(work)) return [];
  const template = ids.get(idOf(work))?.template;
  const read = readWork(work, createInterner());
  if (!template || 'error' in read || stuckDeletion(read.value) === '') return [];
  const { cluster } = read.value;
  const message = `The Work of ${label(template)} for ${cluster} cannot be deleted: preserveResourcesOnDeletion is on and the object is not on the member. Karmada sends ${label(template)} to ${cluster} again only when that Work has gone.`;
  return [{ severity: 'warning', code: 'stuck-work', message, reference: template }];
}

function keyOf(object: JsonObject): string {
  const metadata = member(object, 'metadata');
  const [namespace, name] = [stringMember(metadata, 'namespace'), stringMember(metadata, 'name')];
  return `${stringMember(object, 'apiVersion')}/${stringMember(object, 'kind')}/${namespace}/${name}`;
}
