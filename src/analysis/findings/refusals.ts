import { admit, checkSchema, findSchema } from '../../engine/index.ts';
import type { SchemaProblem } from '../../engine/index.ts';
import { pathOfField } from '../place.ts';
import { refusalText } from '../refusalText.ts';
import type { Item, Snapshot } from '../snapshot.ts';
import type { Finding } from './finding.ts';

/** What the API server and the webhooks say to objects that they refuse, each cause on its field. */
export function refusals(snapshot: Snapshot): readonly Finding[] {
  return snapshot.items.flatMap((item) => (item.refusal ? causesOf(item, snapshot) : []));
}

function causesOf(item: Item, { flux }: Snapshot): readonly Finding[] {
  const { refusal } = item;
  if (!refusal) return [];
  const table = findSchema(item.apiVersion, item.kind, flux.version);
  if (!table) {
    const message = `Flux ${flux.version} does not serve this version: ${refusalText(refusal)}.`;
    return [{ code: 'api-version-removed', item, path: ['apiVersion'], message }];
  }
  const problems = refusal.status === 403 ? [] : checkSchema(item.source, table);
  if (problems.length > 0) return problems.map((problem) => schemaFinding(item, problem));
  const errors = refusal.status === 403 ? admit(item.source).errors : [];
  if (errors.length > 0) {
    return errors.map(({ field, message }) => ({
      code: 'admission-denied',
      item,
      path: pathOfField(item.source, field),
      message: `Karmada refuses this: ${message}`,
    }));
  }
  const message = `The API server refuses this object: ${refusalText(refusal)}`;
  return [{ code: 'admission-denied', item, path: [], message }];
}

/** On the key of an unknown field, the value of a wrong one, and for a missing one the key that should hold it. */
function schemaFinding(item: Item, problem: SchemaProblem): Finding {
  const { code, path } = problem;
  const base = { code, item, message: schemaSentence(problem) };
  if (code === 'unknown-field') return { ...base, path, on: 'key' };
  return code === 'missing-field'
    ? { ...base, path: path.slice(0, -1), on: 'key' }
    : { ...base, path };
}

function schemaSentence({ code, field, message, nearest }: SchemaProblem): string {
  switch (code) {
    case 'unknown-field':
      return nearest === undefined
        ? `There is no field ${field} here; the API server refuses the object.`
        : `There is no field ${field} here; did you mean ${nearest}?`;
    case 'missing-field':
      return `${field} is missing; the API server refuses the object without it.`;
    case 'wrong-type':
    case 'invalid-value':
      return `${field}: ${message}`;
  }
}
