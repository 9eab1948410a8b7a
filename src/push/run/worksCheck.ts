import { isObject, member, memberAt, stringMember } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { BindingRow, FleetModel, WorkRow } from '../../live/index.ts';
import { isSameManifest } from '../plan/manifest.ts';
import { inTurns } from '../prepare/inTurns.ts';
import { listWorks, permanentIds } from '../prepare/readWorks.ts';
import type { PushApi, PushClock } from '../ports.ts';
import type { ExpectedWork } from '../types.ts';
import { createHeldSecrets } from './heldSecrets.ts';
import { says } from './objectContent.ts';
import type { OldSecretValues } from './oldSecretValues.ts';
import { templateName, toReference } from './templateName.ts';

/** Rows that still move are given so long before Works are read although others are not there yet, in ms. */
const quiet = 1000;
/** So often at least Works are read while rows never rest, in ms. */
const longest = 10_000;

/** What is waited for on one cluster, as rows tell. */
interface Asked {
  readonly expected: ExpectedWork;
  readonly cluster: string;
  readonly binding: BindingRow | undefined;
  /** More than one where an override gives the object another name: the Work under the old one stays. */
  readonly rows: readonly WorkRow[];
  /** Whether the member cannot be reached, so that nothing goes from it. */
  readonly isAway: boolean;
}

type Found = 'asExpected' | 'missing' | 'unread';

/** A Work as it was read. */
interface ReadWork {
  readonly state: string;
  readonly manifest: JsonObject | undefined;
  /** Whether it is as expected, by the expected manifest. */
  readonly answers: Map<JsonObject, boolean>;
}

interface WorksRequest {
  readonly api: PushApi;
  readonly model: () => FleetModel;
  readonly clock: PushClock;
  /** Whether a server may have added defaults to a template that are not in what is expected. */
  readonly hasDefaults: (template: string) => boolean;
  readonly secrets: OldSecretValues;
}

/**
 * Tells which Works are not yet as expected. Rows have no manifests: these are listed by the ids of their bindings, a few
 * requests for any number of clusters, and only when all that is waited for has moved, or the rows rest.
 */
export function createWorksCheck(
  works: readonly ExpectedWork[],
  { api, model, clock, hasDefaults, secrets }: WorksRequest,
): () => Promise<readonly string[]> {
  const reader = createReader(api, { hasDefaults, secrets });
  let movedAt = 0;
  let readAt = 0;
  let seen = '';
  return async () => {
    const all = askedOf(works, model());
    const [unread, missing] = sorted(all, reader);
    if (unread.length > 0) {
      const now = clock.now();
      const moves = unread.flatMap(({ rows }) => rows.map(stateOf)).join(' ');
      if (moves !== seen) movedAt = now;
      seen = moves;
      const isDue = missing.length === 0 || now - movedAt >= quiet || now - readAt >= longest;
      if (isDue) {
        await reader.read(unread);
        readAt = clock.now();
      }
    }
    return all
      .filter((one) => judge(one, reader) !== 'asExpected')
      .map(({ expected, cluster }) => `${templateName(expected.template)} on ${cluster}`);
  };
}

function sorted(
  all: readonly Asked[],
  reader: Reader,
): readonly [unread: readonly Asked[], missing: readonly Asked[]] {
  const [unread, missing]: [Asked[], Asked[]] = [[], []];
  for (const one of all) {
    const found = judge(one, reader);
    if (found === 'unread') unread.push(one);
    if (found === 'missing') missing.push(one);
  }
  return [unread, missing];
}

function askedOf(works: readonly ExpectedWork[], model: FleetModel): readonly Asked[] {
  return works.flatMap((expected) => {
    const binding = model.bindingOf(toReference(expected.template));
    const byCluster = new Map<string, WorkRow[]>();
    for (const row of binding ? model.worksOf(binding) : []) {
      const rows = byCluster.get(row.cluster);
      if (rows) rows.push(row);
      else byCluster.set(row.cluster, [row]);
    }
    return expected.clusters.map((cluster) => {
      const member = model.clusters.get(cluster);
      const isAway = member !== undefined && member.ready.status !== 'True';
      return { expected, cluster, binding, rows: byCluster.get(cluster) ?? noRows, isAway };
    });
  });
}

const noRows: readonly WorkRow[] = [];

function judge(asked: Asked, reader: Reader): Found {
  const { expected, rows, isAway } = asked;
  const { manifest, isHeld, isPreserving } = expected;
  if (manifest === undefined && isHeld === undefined && isPreserving === undefined) {
    // Karmada may never finish with one that preserves, and of a member that is away only when that is back.
    const isGone = rows.every(
      ({ deletedAt, isPreserving: keeps }) => deletedAt !== '' && (keeps === true || isAway),
    );
    return isGone ? 'asExpected' : 'missing';
  }
  const found = new Set(rows.map((row) => judgeWork(asked, row, reader)));
  if (found.has('asExpected')) return 'asExpected';
  return found.has('unread') ? 'unread' : 'missing';
}

function judgeWork(
  { expected: { template, manifest, isHeld, isPreserving }, cluster }: Asked,
  row: WorkRow,
  reader: Reader,
): Found {
  if (row.deletedAt !== '') return 'missing';
  if (isHeld !== undefined && row.isDispatchSuspended !== isHeld) return 'missing';
  if (isPreserving !== undefined && (row.isPreserving === true) !== isPreserving) return 'missing';
  if (manifest === undefined) return 'asExpected';
  const work = reader.known.get(row.uid);
  if (work === undefined || !work.state.split(' ').includes(stateOf(row))) return 'unread';
  let answer = work.answers.get(manifest);
  if (answer === undefined) {
    const sent = work.manifest;
    answer = sent !== undefined && reader.isSame(sent, manifest, { template, cluster });
    work.answers.set(manifest, answer);
  }
  return answer ? 'asExpected' : 'missing';
}

/** What is sent changes with the generation; the status of a Work does not count. */
function stateOf({ generation, resourceVersion }: WorkRow): string {
  return generation === undefined ? `v${resourceVersion}` : String(generation);
}

interface Reader {
  readonly known: ReadonlyMap<string, ReadWork>;
  isSame(
    work: JsonObject,
    expected: JsonObject,
    of: { readonly template: string; readonly cluster: string },
  ): boolean;
  /** Reads the Works of some bindings. What cannot be read stays unread. */
  read(asked: readonly Asked[]): Promise<void>;
}

function createReader(
  api: PushApi,
  { hasDefaults, secrets }: Pick<WorksRequest, 'hasDefaults' | 'secrets'>,
): Reader {
  const known = new Map<string, ReadWork>();
  const ids = new Map<string, readonly [string, BindingRow]>();
  const held = createHeldSecrets(api, secrets);
  /** `row` is older than what was read where the rows lag behind. */
  const keep = (work: JsonObject, row: WorkRow | undefined): void => {
    const metadata = member(work, 'metadata');
    const generation = member(metadata, 'generation');
    const state =
      typeof generation === 'number'
        ? String(generation)
        : `v${stringMember(metadata, 'resourceVersion')}`;
    const manifests = memberAt(work, 'spec', 'workload', 'manifests');
    const first: unknown = Array.isArray(manifests) ? manifests[0] : undefined;
    known.set(stringMember(metadata, 'uid'), {
      state: row ? `${state} ${stateOf(row)}` : state,
      manifest: isObject(first) ? first : undefined,
      answers: new Map(),
    });
  };
  return {
    known,
    isSame: (work, expected, of) =>
      !secrets.isIn(of.template, work) &&
      held.isSent(work, of) &&
      (hasDefaults(of.template) ? says(work, expected) : isSameManifest(work, expected)),
    async read(asked) {
      const rows = new Map(asked.flatMap((one) => one.rows.map((row) => [row.uid, row] as const)));
      const bindings = new Map(
        asked.flatMap(({ binding }) => (binding ? [[binding.uid, binding] as const] : [])),
      );
      try {
        const unknown = [...bindings.values()].filter(({ uid }) => !ids.has(uid));
        for (const [id, row] of await permanentIds(unknown, { api })) ids.set(row.uid, [id, row]);
        const own = [...bindings.keys()].flatMap((uid) => {
          const found = ids.get(uid);
          return found ? [found] : [];
        });
        const works = await listWorks(new Map(own), { api });
        const apart = asked.flatMap(({ binding, rows: own }) =>
          binding && !ids.has(binding.uid) ? own : noRows,
        );
        const single = await inTurns(apart, ({ namespace, name }) =>
          api.get({ ...workType, namespace, name }),
        );
        await held.read(asked.map(({ expected }) => expected.template));
        for (const work of [...works, ...single]) {
          keep(work, rows.get(stringMember(memberAt(work, 'metadata'), 'uid')));
        }
      } catch {
        // What cannot be read is not yet there; it is tried again.
      }
    },
  };
}

const workType = { apiVersion: 'work.karmada.io/v1alpha1', kind: 'Work' };
