import type { PreviousPlacement, JsonObject, JsonValue } from '../engine/index.ts';
import type { LiveControlPlane } from '../analysis/index.ts';
import type { ObjectReference, RolloutBaseline } from '../live/index.ts';

/*
 * A push is a list of steps that take a control plane from what it holds to what the user reviewed. Pushing documents,
 * undoing a push, holding and resuming dispatch and a rollout in waves are all such lists: they are planned by the same
 * functions, reviewed in the same views and run by the same loop, and the same journal finds them again after a restart.
 */

/** An object as a document says it. */
export interface PushSource {
  readonly reference: ObjectReference;
  /** As written, with its namespace, without `status`. */
  readonly object: JsonObject;
  readonly uri: string;
  /** The key under which the analysis finds it again, to put verdicts on its fields. */
  readonly item: string;
}

/** Who else owns a field that the document sets, and what is to become of it. */
export interface FieldConflict {
  /** As `metadata.managedFields` names it: `kubectl-client-side-apply`, `helm`. */
  readonly manager: string;
  /** As the server names the field: `.spec.values.replicaCount`. */
  readonly field: string;
  readonly path: readonly (string | number)[];
  readonly mine?: JsonValue;
  readonly theirs?: JsonValue;
  /** What the user chose. Nothing is pushed while one is undecided. */
  readonly choice: 'undecided' | 'keep' | 'take';
}

/** What a server, or the engine in its place, refuses or warns of. */
export interface Verdict {
  readonly severity: 'error' | 'warning';
  /** A whole sentence. */
  readonly message: string;
  /** The field as the server names it, such as `spec.interval`; '' for the whole object. */
  readonly field: string;
}

/** One object and what is to become of it. Secrets' values are in none of its parts but `source`. */
export interface ObjectChange {
  /** In the version that is sent to the server. */
  readonly reference: ObjectReference;
  readonly type: 'create' | 'change' | 'unchanged' | 'delete';
  /** What the server holds, complete; absent when it holds none. */
  readonly before?: JsonObject;
  /** What the server will hold: the answer of its dry run, or the engine's. Absent for a deletion. */
  readonly after?: JsonObject;
  /** Who said what `after` is. `engine` where the server cannot know yet: its namespace or kind is in the same push. */
  readonly checkedBy: 'server' | 'engine';
  readonly source?: PushSource;
  readonly conflicts: readonly FieldConflict[];
  readonly verdicts: readonly Verdict[];
  /** Keys of a Secret whose values change. */
  readonly secretKeys?: readonly string[];
}

/** A policy's dispatch, held or let go by Karmada's own suspension. */
export interface Hold {
  readonly policy: ObjectReference;
  /** Held everywhere, on some clusters, or no longer. */
  readonly clusters: 'all' | 'none' | readonly string[];
  /**
   * What the review found held, for the first such step of a policy. Where it is something else by then, another push or
   * user holds it by the same manager, and nothing is written.
   */
  readonly before?: 'all' | 'none' | readonly string[];
  /** `spec.preserveResourcesOnDeletion`, where Works have to know it before the policy says all that it is to say. */
  readonly preserves?: boolean;
}

/** A Work's manifest that is waited for: that of a template on clusters. */
export interface ExpectedWork {
  /** Key of the template: `APIVERSION/KIND/NAMESPACE/NAME`. */
  readonly template: string;
  readonly clusters: readonly string[];
  /**
   * Compared without Karmada's per-cluster bookkeeping; absent when there is to be no Work, or any where `isHeld` or
   * `isPreserving` is there.
   */
  readonly manifest?: JsonObject;
  /** `spec.suspendDispatching`; absent where it does not matter. */
  readonly isHeld?: boolean;
  /** `spec.preserveResourcesOnDeletion`; absent where it does not matter. */
  readonly isPreserving?: boolean;
}

/** One step. Steps run in order; everything needed to run one after a restart is in it. */
export type PushStep =
  /** Server-side apply of `change.source`, minus the fields that others keep. */
  | { readonly type: 'apply'; readonly id: string; readonly change: ObjectChange }
  /** Puts back `change.after` over `change.before`, by an undo. */
  | { readonly type: 'restore'; readonly id: string; readonly change: ObjectChange }
  | { readonly type: 'delete'; readonly id: string; readonly change: ObjectChange }
  | { readonly type: 'hold'; readonly id: string; readonly hold: Hold; readonly reason: string }
  /**
   * Waits until the Works are as expected, so that the next step cannot be seen together with what was before it. Without
   * any Work nothing shows when Karmada has seen the last write: then it is a pause of a few seconds.
   */
  | {
      readonly type: 'settle';
      readonly id: string;
      readonly works: readonly ExpectedWork[];
      readonly reason: string;
    }
  /** Waits until releases are ready on the clusters of a wave. */
  | {
      readonly type: 'ready';
      readonly id: string;
      readonly templates: readonly string[];
      readonly clusters: readonly string[];
      readonly reason: string;
    };

/** A step before it has its number. */
export type UnnumberedStep = PushStep extends infer S
  ? S extends PushStep
    ? Omit<S, 'id'>
    : never
  : never;

/** What becomes of one template on clusters that all fare alike. */
export interface Effect {
  /** Key of the template: `APIVERSION/KIND/NAMESPACE/NAME`. */
  readonly template: string;
  readonly clusters: readonly string[];
  /**
   * `appears`: a new Work. `changes`: another manifest. `reinstalls`: Flux uninstalls and installs anew. `removed`: the Work
   * goes and the member deletes it. `kept`: the Work goes, the member keeps the object (preserveResourcesOnDeletion).
   * `orphaned`: no policy claims it any more and members keep what they have. `fails`: an override cannot be applied and
   * Karmada leaves the Work as it is, or as a write in the middle has made it: that is `after` then. `unchanged`: the same manifest.
   */
  readonly type:
    'appears' | 'changes' | 'reinstalls' | 'removed' | 'kept' | 'orphaned' | 'fails' | 'unchanged';
  /** What the Works hold now, and what they will hold. Masked where they are Secrets. */
  readonly before?: JsonObject;
  readonly after?: JsonObject;
  /** The policy that sends it, `KIND/NAMESPACE/NAME` or `KIND/NAME`. */
  readonly policy?: string;
  /** Names of the ClusterOverridePolicies and OverridePolicies that apply, one for each rule. Absent where none does. */
  readonly clusterOverrides?: readonly string[];
  readonly overrides?: readonly string[];
  /**
   * Of a new Work: the overrides that Karmada notes on it in the middle of the push. They do not apply in the end, and
   * the note stays.
   */
  readonly leftNotes?: Pick<Effect, 'clusterOverrides' | 'overrides'>;
  /** Why, a sentence: the override's error, what makes it a reinstallation. */
  readonly reason?: string;
  /**
   * Karmada comes to it when it tries again what could not be done before, which may take it a quarter of an hour; until
   * then all is as before.
   */
  readonly isDelayed?: boolean;
  /**
   * Not the first and not the last state: what members see for a moment in the middle of the push. With `isDelayed` they
   * may come to see it, and keep it then.
   */
  readonly isPassing?: boolean;
}

/** What the user is asked about before anything is written. */
export interface Question {
  /** `confirm` needs a second yes; `warning` is only said. */
  readonly severity: 'confirm' | 'warning' | 'blocked';
  readonly code:
    | 'removal'
    /** What may stay on a member or go, as it happens. */
    | 'uncertain-removal'
    | 'reinstallation'
    | 'passing-state'
    | 'secret-not-undoable'
    | 'unmanaged-object'
    | 'new-namespace'
    | 'shared-policy'
    | 'lazy-policy'
    | 'undecided-conflict'
    /** Dispatch that somebody else holds, and that would be resumed. */
    | 'held-by-others'
    /** Dispatch that is held, so that what is written does not reach members, or cannot be held by this push. */
    | 'held'
    /** Why a wave may not become ready by itself. */
    | 'wave-readiness'
    | 'refused'
    | 'drifted'
    | 'protected-context'
    | 'not-previewed'
    /** A Work that Karmada cannot finish deleting. */
    | 'stuck-work'
    /** Of an undo: what Karmada does not bring back although the objects are. */
    | 'not-restored'
    | 'deletion-protected'
    /** Objects of the documents that are never sent: what describes a control plane, and files for other tools. */
    | 'left-out';
  /** A whole sentence, naming objects and clusters. */
  readonly message: string;
  readonly reference?: ObjectReference;
  /** Of `drifted`: the fields that somebody else has changed since. Absent where the object itself is gone or another. */
  readonly drift?: readonly DriftedField[];
  /** Of an unmanaged object: where it is; `reference` is then the policy whose conflict resolution decides. */
  readonly clusters?: readonly string[];
  /** Of an unmanaged object: the key of the template that would be put there. */
  readonly template?: string;
  /** Of `held`: the id of the push that holds it and has not come to its end; it can go on or be undone. */
  readonly push?: string;
}

/** A field that somebody else has changed since it was pushed. Values are absent where the field is. */
export interface DriftedField {
  /** Such as `spec.interval`. */
  readonly field: string;
  readonly path: readonly (string | number)[];
  /** Before the push, by the push, and now. */
  readonly before?: JsonValue;
  readonly pushed?: JsonValue;
  readonly now?: JsonValue;
}

/** What a planner made of changes: what will be done in which order, and what members will see of it. */
export interface PushPlan {
  readonly steps: readonly PushStep[];
  /** Sorted by template; passing states behind the final ones. */
  readonly effects: readonly Effect[];
  readonly questions: readonly Question[];
}

/** What a plan is made from. All of it as read at one moment. */
export interface PushGround {
  /** Rows of the control plane, with the objects that changes name or touch put in, as the server holds them. */
  readonly live: LiveControlPlane;
  /** The manifests of the Works there are, by template key and cluster; bookkeeping included. */
  readonly works: ReadonlyMap<string, ReadonlyMap<string, WorkState>>;
  /** What the bindings say, as in `live`. */
  readonly previous: ReadonlyMap<string, PreviousPlacement>;
}

/** What one Work sends to its cluster. */
export interface WorkState {
  readonly name: string;
  readonly manifest: JsonObject;
  readonly isHeld: boolean;
  readonly preservesOnDeletion: boolean;
  /** Karmada has brought it to the member. */
  readonly isApplied: boolean;
}

/** A push, ready to be shown. */
export interface PushReview extends PushPlan {
  /** `push`, `undo`, `hold`, `resume` or `waves`; what the titles say. */
  readonly type: 'push' | 'undo' | 'dispatch' | 'waves';
  /** Such as `podinfo.yaml and 3 more files`. */
  readonly title: string;
  readonly context: string;
  /** The API server's URL: a journal is only ever run against the same one. */
  readonly server: string;
  /** What tells the control plane from another one at the same URL; absent or '' where that is not known. */
  readonly plane?: string;
  readonly changes: readonly ObjectChange[];
  /** What members had before, for telling when they are ready in the new state; of waves always. */
  readonly baseline?: RolloutBaseline;
  /** Of an undo: the journal that it undoes. */
  readonly undoes?: string;
  /** Of an undo of an undo: it does again what that one took back. */
  readonly isRedo?: true;
}
