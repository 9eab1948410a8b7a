import { readFileSync } from 'node:fs';
import { stringMember, type JsonObject } from '../../src/engine/index.ts';
import {
  createFleetModel,
  createInterner,
  readBinding,
  readCluster,
  readEvent,
  readObject,
  readWork,
  type FleetModel,
  type FleetRows,
  type WhyFleet,
} from '../../src/live/index.ts';

/** Objects as a Karmada v1.18 with Flux 2.9 on two of three members wrote them. */
export function recordedObjects(): readonly JsonObject[] {
  return JSON.parse(readFileSync('test/fixtures/live/releases.json', 'utf8'));
}

/** The model that objects of all kinds make. */
export function modelOf(objects: readonly JsonObject[]): FleetModel {
  const interner = createInterner();
  const rows: { [L in keyof FleetRows]: FleetRows[L][] } = {
    clusters: [],
    bindings: [],
    works: [],
    objects: [],
    events: [],
  };
  const take = <T>(list: T[], read: { value: T } | { error: string }) => {
    if ('value' in read) list.push(read.value);
  };
  for (const object of objects) {
    const kind = stringMember(object, 'kind');
    if (kind === 'Cluster') take(rows.clusters, readCluster(object, interner));
    else if (kind.endsWith('ResourceBinding')) take(rows.bindings, readBinding(object, interner));
    else if (kind === 'Work') take(rows.works, readWork(object, interner));
    else if (kind === 'Event') take(rows.events, readEvent(object, interner));
    else take(rows.objects, readObject(object, interner));
  }
  const model = createFleetModel();
  const change = <L extends keyof FleetRows>(list: L) => ({
    list,
    origin: list,
    reset: true,
    set: rows[list],
    deleted: [],
  });
  model.apply([
    change('clusters'),
    change('objects'),
    change('bindings'),
    change('works'),
    change('events'),
  ]);
  return model;
}

/** The model as explanations ask it. */
export function whyFleetOf(model: FleetModel): WhyFleet {
  return { ...model, hasPolicies: true, hasBindings: true, hasWorks: model.rows('works').size > 0 };
}
