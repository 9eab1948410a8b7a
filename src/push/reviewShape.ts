import { isArray, isObject, member, stringMember } from '../engine/index.ts';
import type { JsonValue } from '../engine/index.ts';
import type { Effect, PushReview } from './types.ts';

/** Whether a value that was read from a file has all of a review that running and undoing it rely on. */
export function isPushReview(value: unknown): value is PushReview {
  if (!isObject(value)) return false;
  const isText = (key: string): boolean => typeof member(value, key) === 'string';
  const isList = (key: string, isItem: (item: JsonValue) => boolean): boolean =>
    isListOf(member(value, key), isItem);
  return (
    ['type', 'title', 'context', 'server'].every(isText) &&
    isList('steps', isStep) &&
    isList('changes', isChange) &&
    isList('effects', isEffect) &&
    isList('questions', isQuestion) &&
    isBaseline(member(value, 'baseline')) &&
    ['undefined', 'string'].includes(typeof member(value, 'plane'))
  );
}

function isBaseline(value: JsonValue | undefined): boolean {
  return (
    value === undefined || (isObject(member(value, 'works')) && isObject(member(value, 'events')))
  );
}

function isStep(step: JsonValue): boolean {
  if (stringMember(step, 'id') === '') return false;
  switch (member(step, 'type')) {
    case 'apply':
    case 'restore':
    case 'delete':
      return isChange(member(step, 'change'));
    case 'hold': {
      const hold = member(step, 'hold');
      const before = member(hold, 'before');
      return (
        isReference(member(hold, 'policy')) &&
        isHeld(member(hold, 'clusters')) &&
        (before === undefined || isHeld(before)) &&
        isFlag(member(hold, 'preserves'))
      );
    }
    case 'settle': {
      const works = member(step, 'works');
      return isArray(works) && works.every(isExpectedWork);
    }
    case 'ready':
      return isTexts(member(step, 'templates')) && isTexts(member(step, 'clusters'));
    default:
      return false;
  }
}

function isHeld(clusters: JsonValue | undefined): boolean {
  return clusters === 'all' || clusters === 'none' || isTexts(clusters);
}

function isExpectedWork(work: JsonValue): boolean {
  const manifest = member(work, 'manifest');
  return (
    typeof member(work, 'template') === 'string' &&
    isTexts(member(work, 'clusters')) &&
    (manifest === undefined || isObject(manifest)) &&
    isFlag(member(work, 'isHeld')) &&
    isFlag(member(work, 'isPreserving'))
  );
}

function isFlag(value: JsonValue | undefined): boolean {
  return value === undefined || typeof value === 'boolean';
}

function isChange(change: JsonValue | undefined): boolean {
  const isOptional = (key: string, isIt: (value: JsonValue) => boolean): boolean => {
    const value = member(change, key);
    return value === undefined || isIt(value);
  };
  return (
    isReference(member(change, 'reference')) &&
    ['create', 'change', 'unchanged', 'delete'].includes(stringMember(change, 'type')) &&
    isOptional('before', isObject) &&
    isOptional('after', isObject) &&
    isOptional(
      'source',
      (source) => isReference(member(source, 'reference')) && isObject(member(source, 'object')),
    ) &&
    isOptional('secretKeys', isTexts) &&
    isListOf(member(change, 'conflicts'), isConflict) &&
    isListOf(member(change, 'verdicts'), isVerdict)
  );
}

function isConflict(conflict: JsonValue): boolean {
  const path = member(conflict, 'path');
  return (
    hasTexts(conflict, ['manager', 'field']) &&
    ['undecided', 'keep', 'take'].includes(stringMember(conflict, 'choice')) &&
    isListOf(path, (step) => typeof step === 'string' || typeof step === 'number')
  );
}

function isVerdict(verdict: JsonValue): boolean {
  return (
    hasTexts(verdict, ['message', 'field']) &&
    ['error', 'warning'].includes(stringMember(verdict, 'severity'))
  );
}

const effects: readonly string[] = [
  'appears',
  'changes',
  'reinstalls',
  'removed',
  'kept',
  'orphaned',
  'fails',
  'unchanged',
] satisfies readonly Effect['type'][];

function isEffect(effect: JsonValue): boolean {
  const isOptionalObject = (key: string): boolean => {
    const value = member(effect, key);
    return value === undefined || isObject(value);
  };
  return (
    hasTexts(effect, ['template']) &&
    isTexts(member(effect, 'clusters')) &&
    effects.includes(stringMember(effect, 'type')) &&
    isOptionalObject('before') &&
    isOptionalObject('after')
  );
}

function isQuestion(question: JsonValue): boolean {
  return (
    hasTexts(question, ['code', 'message']) &&
    ['confirm', 'warning', 'blocked'].includes(stringMember(question, 'severity'))
  );
}

function hasTexts(value: JsonValue, keys: readonly string[]): boolean {
  return keys.every((key) => typeof member(value, key) === 'string');
}

function isListOf(list: JsonValue | undefined, isItem: (item: JsonValue) => boolean): boolean {
  return isArray(list) && list.every(isItem);
}

function isReference(value: JsonValue | undefined): boolean {
  return ['apiVersion', 'kind', 'namespace', 'name'].every(
    (key) => typeof member(value, key) === 'string',
  );
}

function isTexts(value: JsonValue | undefined): boolean {
  return isListOf(value, (item) => typeof item === 'string');
}
