import type { Question } from '../../types.ts';
import { notPreviewed } from './notPreviewed.ts';
import type { QuestionInput } from './input.ts';
import { questionsOnChanges } from './onChanges.ts';
import { questionsOnEffects } from './onEffects.ts';
import { questionsOnHolds } from './onHolds.ts';

const weights = { blocked: 0, confirm: 1, warning: 2 };

/** What has to be asked or said before a push, the gravest first. */
export function questionsOf(input: QuestionInput): readonly Question[] {
  const questions = [
    ...questionsOnChanges(input),
    ...questionsOnEffects(input),
    ...questionsOnHolds(input),
    ...notPreviewed(input),
  ];
  return questions.sort((a, b) => weights[a.severity] - weights[b.severity]);
}
