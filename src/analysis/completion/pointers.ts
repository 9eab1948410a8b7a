import { isArray, isObject, stringMember } from '../../engine/index.ts';
import type { JsonObject, JsonValue, Schema } from '../../engine/index.ts';
import { readGoYaml } from '../../yaml/index.ts';
import { briefValue } from '../briefValue.ts';
import { fieldDocumentation } from '../fieldText.ts';
import { valueAt } from '../cursor.ts';
import { listName } from '../listName.ts';
import { codeSpan } from '../markdown.ts';
import { isSecret } from '../maskSecret.ts';
import { escapeStep, pointerSteps, valueBelow } from '../pointer.ts';
import { rootSchema, schemaAt, tableOf } from '../schemaAt.ts';
import { isScalarValue } from './candidate.ts';
import type { Candidate, Request, Scalar, Source } from './candidate.ts';
import { chartSchemaOf } from './helmValues.ts';
import { selected } from './templates.ts';

/** A document that pointers lead into, and whose it is. */
interface Target {
  readonly owner: string;
  readonly root: JsonValue;
  /** Whether the root is an object of Kubernetes. */
  readonly hasType: boolean;
  /** Whether the values below some steps are never shown. */
  readonly hides: (steps: readonly string[]) => boolean;
  /** What else could stand below some steps. */
  readonly schema: (steps: readonly string[]) => Schema | undefined;
}

const mostTargets = 50;
const mostItems = 200;
const mostShown = 5;

/** Pointers into the templates that the policy selects, one step further than what is typed. */
export const templatePointers: Source = (request) =>
  pointersInto(templateTargets(request), request, operatorOf(request) === 'add', isAnything);

/** Pointers to an image, or to a part of one. */
export const imagePointers: Source = (request) =>
  pointersInto(templateTargets(request), request, false, isAnything);

/** Pointers to strings, which can hold a document. */
export const textPointers: Source = (request) =>
  pointersInto(
    templateTargets(request),
    request,
    false,
    (value) => typeof value === 'string' || !isScalarValue(value),
  );

/** Pointers into the document inside the string that `fieldPath` leads to. */
export const documentPointers: Source = (request) =>
  pointersInto(documentTargets(request), request, operatorOf(request) === 'add', isAnything);

/** The value that stands now where the entry's `path` leads. */
export const presentValues: Source = (request) =>
  valuesAt(templateTargets(request), request, 'path');

/** The same inside a document. */
export const presentDocumentValues: Source = (request) =>
  valuesAt(documentTargets(request), request, 'subPath');

function operatorOf({ object, path }: Request): string {
  const entry = valueAt(object, path.slice(0, -1));
  return stringMember(entry, 'operator') || 'add';
}

function templateTargets(request: Request): readonly Target[] {
  return selected(request)
    .slice(0, mostTargets)
    .map(({ item, object }) => {
      const table = tableOf(object, request.snapshot.flux.version);
      const root = table && rootSchema(table);
      return {
        owner: listName(item.kind, item.namespace, item.name),
        root: object,
        hasType: true,
        hides: isSecret(object) ? isSecretPlace : isNever,
        schema: (steps) => templateSchema(request, object, root, steps),
      };
    });
}

function templateSchema(
  { snapshot }: Request,
  object: JsonObject,
  root: Schema | undefined,
  steps: readonly string[],
): Schema | undefined {
  if (steps[0] === 'spec' && steps[1] === 'values') {
    return chartSchemaOf(snapshot, object, steps.slice(2));
  }
  const path = steps.map((step) => (/^(?:\d+|-)$/.test(step) ? Number(step) || 0 : step));
  return root && (schemaAt(root, steps)?.schema ?? schemaAt(root, path)?.schema);
}

function documentTargets(request: Request): readonly Target[] {
  const { object, path } = request;
  const at = path.lastIndexOf('fieldOverrider');
  const fieldPath = stringMember(valueAt(object, path.slice(0, at + 2)), 'fieldPath');
  const steps = pointerSteps(fieldPath);
  return templateTargets(request).flatMap((target) => {
    const text = valueBelow(target.root, steps);
    if (typeof text !== 'string' || !isObject(target.root)) return [];
    const read = documentIn(target.root, text);
    const hides = target.hides(steps) ? isAnything : isNever;
    return read === undefined
      ? []
      : [{ ...target, root: read, hasType: false, hides, schema: () => undefined }];
  });
}

/** Where a Secret holds what nobody may see: its data, and annotations that repeat them. */
function isSecretPlace([first, second]: readonly string[]): boolean {
  return (
    first === 'data' || first === 'stringData' || (first === 'metadata' && second === 'annotations')
  );
}

const documents = new WeakMap<JsonObject, Map<string, JsonValue | undefined>>();

/** The document inside a string of an object, read once. */
function documentIn(object: JsonObject, text: string): JsonValue | undefined {
  const known = documents.get(object) ?? new Map<string, JsonValue | undefined>();
  documents.set(object, known);
  if (known.has(text)) return known.get(text);
  const read = readGoYaml(text);
  const value = 'value' in read ? read.value : undefined;
  known.set(text, value);
  return value;
}

interface Present {
  readonly owner: string;
  readonly value: JsonValue;
  /** On one short line. */
  readonly brief: string;
}

interface Step {
  readonly step: string;
  /** By owner, for those that have it. */
  readonly present: Present[];
  schema?: Schema | undefined;
}

function pointersInto(
  targets: readonly Target[],
  request: Request,
  isAdd: boolean,
  fits: (value: JsonValue) => boolean,
): readonly Candidate[] {
  const typed = typedPointer(request);
  const parent = typed.slice(0, Math.max(0, typed.lastIndexOf('/')));
  const steps = pointerSteps(parent);
  const found = new Map<string, Step>();
  for (const target of targets) collectSteps(found, target, steps, isAdd, fits);
  return [...found.values()].map((step) => stepCandidate(step, parent));
}

/** The pointer up to the cursor, without a quote before it. */
function typedPointer({ cursor }: Request): string {
  const { file, range, offset } = cursor;
  return file.source.text.slice(range[0], offset).replace(/^["']/, '');
}

function collectSteps(
  found: Map<string, Step>,
  target: Target,
  steps: readonly string[],
  isAdd: boolean,
  fits: (value: JsonValue) => boolean,
): void {
  const { owner } = target;
  const at = valueBelow(target.root, steps);
  const stepOf = (step: string): Step => {
    const known = found.get(step);
    if (known) return known;
    const fresh: Step = { step, present: [] };
    found.set(step, fresh);
    return fresh;
  };
  const schema = target.schema(steps);
  const add = (key: string, value: JsonValue): void => {
    if (!fits(value)) return;
    const isHidden = target.hides([...steps, key]);
    const step = stepOf(key);
    step.present.push({ owner, value, brief: isHidden ? hidden(value) : briefValue(value) });
    step.schema ??= schema?.properties?.[key];
  };
  if (isArray(at)) {
    for (const [i, value] of at.slice(0, mostItems).entries()) add(String(i), value);
    if (isAdd) stepOf('-').schema ??= { description: 'Behind the last item.' };
    return;
  }
  const isRoot = steps.length === 0 && target.hasType;
  if (isObject(at)) {
    for (const [key, value] of Object.entries(at)) {
      if (!isRoot || !identity.has(key)) add(key, value);
    }
  }
  if (!isAdd || (at !== undefined && !isObject(at))) return;
  for (const [key, child] of Object.entries(schema?.properties ?? {})) {
    if (!serverSet.has(key) && !(isRoot && identity.has(key))) stepOf(key).schema ??= child;
  }
}

/** Nobody means to change these. */
const identity = new Set(['apiVersion', 'kind']);
const serverSet = new Set(['status', 'managedFields', 'uid', 'resourceVersion', 'selfLink']);

function stepCandidate({ step, present, schema }: Step, parent: string): Candidate {
  const pointer = `${parent}/${escapeStep(step)}`;
  const [first] = present;
  const opens = first ? !isScalarValue(first.value) : schema?.type === 'object';
  const differs = present.some(({ brief }) => brief !== first?.brief);
  const absent = step === '-' ? 'at the end' : 'not set';
  const detail = first ? (differs ? 'differs' : first.brief) : absent;
  return {
    value: pointer,
    label: pointer,
    kind: 'pointer',
    detail,
    documentation: pointerDocumentation(present, schema),
    rank: first ? (pointer === '/metadata' ? 1 : 0) : step === '-' ? 1 : 2,
    ...(opens && { commit: '/' }),
  };
}

function pointerDocumentation(present: Step['present'], schema: Schema | undefined): string {
  const values = present
    .slice(0, mostShown)
    .map(({ owner, brief }) => `- ${codeSpan(owner)}: ${codeSpan(brief)}`);
  const more = present.length > mostShown ? [`- and ${present.length - mostShown} more`] : [];
  const text = schema ? fieldDocumentation(schema, false) : '';
  return [text, [...values, ...more].join('\n')].filter((part) => part !== '').join('\n\n');
}

/** Of a Secret only the names of keys are shown, never what they hold. */
function hidden(value: JsonValue): string {
  return !isScalarValue(value) ? `${Object.keys(Object(value)).length} keys` : '***';
}

function valuesAt(targets: readonly Target[], request: Request, key: string): readonly Candidate[] {
  const { object, path } = request;
  const entry = valueAt(object, path.slice(0, -1));
  const pointer = stringMember(entry, key);
  if (pointer === '' || stringMember(entry, 'operator') === 'remove') return [];
  const steps = pointerSteps(pointer);
  const found = new Map<Scalar, Candidate>();
  for (const target of targets) {
    const value = valueBelow(target.root, steps);
    if (value === undefined || !isScalarValue(value) || target.hides(steps)) continue;
    found.set(value, { value, kind: 'value', detail: 'present value' });
    if (typeof value === 'boolean') {
      found.set(!value, { value: !value, kind: 'value', rank: -1 });
    }
    for (const other of target.schema(steps)?.enum?.filter(isScalarValue) ?? []) {
      if (!found.has(other)) found.set(other, { value: other, kind: 'value' });
    }
  }
  return [...found.values()];
}

function isAnything(): boolean {
  return true;
}

function isNever(): boolean {
  return false;
}
