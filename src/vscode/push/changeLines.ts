import type { JsonValue } from '../../engine/index.ts';
import type { FieldConflict, ObjectChange } from '../../push/index.ts';
import { colours, line, type PushLine } from './pushLine.ts';
import { changeCounts, changeWord, nameOf } from './pushTexts.ts';

const icons = {
  create: { id: 'diff-added', color: colours.added },
  change: { id: 'diff-modified', color: colours.changed },
  delete: { id: 'diff-removed', color: colours.removed },
  unchanged: { id: 'circle-outline' },
} as const;

/** The objects of a push, what changes first and open, the unchanged ones folded away. */
export function changesLine(
  changes: readonly ObjectChange[],
  collapsible: PushLine['collapsible'],
): PushLine {
  const changed = changes.filter((change) => !isQuiet(change));
  const unchanged = changes.filter(isQuiet);
  const rest =
    unchanged.length === 0
      ? []
      : [
          line('unchanged', 'Unchanged', {
            description: String(unchanged.length),
            icon: icons.unchanged,
            collapsible: 'collapsed',
            children: unchanged.map(changeLine),
          }),
        ];
  return line('changes', 'Changes', {
    description: changeCounts(changes),
    collapsible,
    children: [...changed.map(changeLine), ...rest],
  });
}

function changeLine(change: ObjectChange): PushLine {
  const { reference, type, verdicts, conflicts, secretKeys = [], checkedBy } = change;
  const id = `change ${idOf(change)}`;
  const keys =
    secretKeys.length === 0 || type !== 'change' ? '' : `new values of ${secretKeys.join(', ')}`;
  const unknown =
    checkedBy === 'engine' && type !== 'delete' ? 'not yet checked by the server' : '';
  const place =
    reference.namespace === '' ? reference.kind : `${reference.kind} · ${reference.namespace}`;
  const children = [
    ...verdicts.map((verdict, index) =>
      line(`${id} verdict ${index}`, verdict.message, {
        description: verdict.field,
        tooltip: verdict.field === '' ? verdict.message : `${verdict.field}: ${verdict.message}`,
        icon:
          verdict.severity === 'error'
            ? { id: 'error', color: colours.bad }
            : { id: 'warning', color: colours.doubtful },
      }),
    ),
    ...conflicts.map((conflict) => conflictLine(id, change, conflict)),
  ];
  return line(id, reference.name, {
    description: [place, keys].filter(Boolean).join(' · '),
    tooltip: [`${nameOf(reference)}: ${changeWord(change)}.`, keys, unknown]
      .filter(Boolean)
      .join('\n'),
    icon: icons[type],
    contextValue: `change ${type}`,
    children,
    target: { type: 'change', change },
  });
}

function conflictLine(id: string, change: ObjectChange, conflict: FieldConflict): PushLine {
  const { manager, field, mine, theirs, choice } = conflict;
  const values = isSecretChange(change) ? '' : `${brief(theirs)} → ${brief(mine)}`;
  const state = {
    undecided: `owned by ${manager}`,
    keep: `kept as ${manager} has it`,
    take: `taken over from ${manager}`,
  }[choice];
  const asked = choice === 'undecided' ? 'Keep theirs, or take the field over?' : '';
  return line(`${id} conflict ${manager} ${field}`, field.replace(/^\./, ''), {
    description: [state, values].filter(Boolean).join(' · '),
    tooltip: [`${field} is ${state}.`, values, asked].filter(Boolean).join('\n'),
    icon:
      choice === 'undecided'
        ? { id: 'question', color: colours.doubtful }
        : { id: choice === 'keep' ? 'person' : 'arrow-swap' },
    contextValue: `conflict ${choice}`,
    target: { type: 'conflict', change, conflict },
  });
}

/** What stays as it is and asks nothing of the user. */
function isQuiet({ type, conflicts, verdicts }: ObjectChange): boolean {
  return type === 'unchanged' && conflicts.length === 0 && verdicts.length === 0;
}

/** A change among those of one review. */
export function idOf({ reference: { apiVersion, kind, namespace, name } }: ObjectChange): string {
  return `${apiVersion}/${kind}/${namespace}/${name}`;
}

function isSecretChange({ reference: { apiVersion, kind } }: ObjectChange): boolean {
  return kind === 'Secret' && apiVersion === 'v1';
}

/** A value in a few words. */
export function brief(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  const isPlain = typeof value === 'string' || typeof value === 'bigint';
  const text = isPlain ? String(value) : JSON.stringify(value, withDigits);
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}

/** An integer beyond a number's reach has digits all the same. */
function withDigits(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

const longest = 40;
