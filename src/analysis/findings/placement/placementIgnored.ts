import {
  arrayMember,
  ignoresSpread,
  isObject,
  member,
  readPlacement,
  stringMember,
} from '../../../engine/index.ts';
import type { JsonObject } from '../../../engine/index.ts';
import type { SourcePath } from '../../../yaml/index.ts';
import { propagationUses } from '../../propagationUses.ts';
import type { Item, Snapshot } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';
import { isCopiedWhole } from './plainKinds.ts';

/** A part of a placement that does nothing, and why. */
interface Ignored {
  readonly path: SourcePath;
  readonly on: 'key' | 'value';
  readonly message: string;
}

const known = new WeakMap<JsonObject, readonly Ignored[]>();

/** `placement-ignored` on what the scheduler does not look at. */
export function placementIgnored(snapshot: Snapshot): readonly Finding[] {
  return propagationUses(snapshot).flatMap(({ item, policy }) =>
    ignoredIn(item, policy.spec).map((ignored) => ({
      code: 'placement-ignored',
      item,
      ...ignored,
    })),
  );
}

function ignoredIn(item: Item, spec: JsonObject): readonly Ignored[] {
  const answered = known.get(item.source);
  if (answered) return answered;
  const placement = member(spec, 'placement');
  const ignored = isObject(placement)
    ? [...weights(placement, plainKind(spec)), ...constraints(placement)]
    : [];
  known.set(item.source, ignored);
  return ignored;
}

/** The kind of the first selector when every selector is for kinds that have no replicas. */
function plainKind(spec: JsonObject): string | undefined {
  const selectors = arrayMember(spec, 'resourceSelectors').filter(isObject);
  const isPlain = selectors.every((selector) =>
    isCopiedWhole(stringMember(selector, 'apiVersion'), stringMember(selector, 'kind')),
  );
  return isPlain ? selectors.map((selector) => stringMember(selector, 'kind'))[0] : undefined;
}

/** Replicas of kinds that have none (`IsWorkload` of `pkg/apis/work/v1alpha2/binding_types_helper.go`). */
function weights(placement: JsonObject, kind: string | undefined): readonly Ignored[] {
  const scheduling = readPlacement(placement).replicaScheduling;
  const path = ['spec', 'placement', 'replicaScheduling'];
  if (kind !== undefined && scheduling?.type === 'Divided') {
    const message = `Objects of kind ${kind} have no replicas to divide, so every chosen cluster gets them whole; remove replicaScheduling and choose the clusters by an affinity.`;
    return [{ path, on: 'key', message }];
  }
  if (scheduling?.dynamicWeight && scheduling.staticWeights.length > 0) {
    const message = 'dynamicWeight beats this list, so it has no effect; keep one of the two.';
    return [{ path: [...path, 'weightPreference', 'staticWeightList'], on: 'key', message }];
  }
  return [];
}

function constraints(placement: JsonObject): readonly Ignored[] {
  const { spread, ...rest } = readPlacement(placement);
  const path = ['spec', 'placement', 'spreadConstraints'];
  if (spread.length === 0) return [];
  if (ignoresSpread({ spread, ...rest })) {
    const message =
      'Static weights make these constraints void, so every cluster of the affinity is chosen; remove replicaScheduling or the constraints.';
    return [{ path, on: 'key', message }];
  }
  if (!spread.some(({ field }) => field === 'cluster' || field === 'region')) return [];
  return spread.flatMap(({ field }, i): Ignored[] => {
    if (field === 'cluster' || field === 'region') return [];
    if (field === '') {
      const message = 'Karmada does not spread by label, so this has no effect; remove it.';
      return [{ path: [...path, i, 'spreadByLabel'], on: 'value', message }];
    }
    const message = `Karmada does not spread by ${field}: this only leaves out clusters without a ${field}, and minGroups and maxGroups have no effect.`;
    return [{ path: [...path, i, 'spreadByField'], on: 'value', message }];
  });
}
