import type { ItemReference } from '../pushSources.ts';

/** What a template is to be brought to, or taken from. */
export interface PropagateRequest {
  /** Keys of templates as `Workspace.templates` gives them. */
  readonly templates: readonly string[];
  readonly clusters: PickedClusters;
  /** Where new files go: the URI of a folder, without a trailing slash. Beside the release where absent. */
  readonly folder?: string;
  /** Clusters that the chosen templates are to leave; elsewhere they stay where they are. */
  readonly leaving?: readonly string[];
}

/** Clusters by name, or by what they have: then later clusters with the same are meant as well. */
export type PickedClusters =
  | { readonly type: 'names'; readonly names: readonly string[] }
  | { readonly type: 'labels'; readonly matchLabels: Readonly<Record<string, string>> }
  | {
      readonly type: 'fields';
      readonly field: 'provider' | 'region' | 'zone';
      readonly values: readonly string[];
    };

/** A file as it is and as it is to be. */
export interface PlannedFile {
  readonly uri: string;
  /** Absent for a new file. */
  readonly before?: string;
  /** Absent for a file that is to be deleted. */
  readonly after?: string;
  /** What is done in it, such as `PropagationPolicy podinfo: adds member3`. */
  readonly notes: readonly string[];
}

/** What comes of a plan on one cluster. */
export interface PlannedOutcome {
  readonly template: string;
  readonly clusters: readonly string[];
  /**
   * `appears`, `stays`: has it already, `changes`: has it already and gets something else, `leaves`: Karmada deletes it
   * there, `keeps`: no longer propagated and left on the member, `missing`: to be there and still not there, `remains`: to
   * leave and still there.
   */
  readonly type: 'appears' | 'stays' | 'changes' | 'leaves' | 'keeps' | 'missing' | 'remains';
  /** Why, a sentence; '' where there is nothing to say. */
  readonly reason: string;
}

/** Edits that do what was asked for, with what comes of them. Nothing is written before the user has seen it. */
export interface FilePlan {
  readonly files: readonly PlannedFile[];
  /** By template, those asked for in front. */
  readonly outcomes: readonly PlannedOutcome[];
  /** Sentences that the user should read before saying yes. */
  readonly warnings: readonly string[];
  /** Objects that are only on the control plane, by name: they need nothing, or cannot be edited in a file. */
  readonly liveOnly: readonly string[];
  /** Objects that no document defines any more. A control plane that has them keeps them until they are deleted there. */
  readonly removedObjects: readonly ItemReference[];
}

/** Or a sentence on why there is no plan. */
export type FilePlanAnswer = FilePlan | { readonly reason: string };

/** Beside a cluster's name, when clusters are picked for templates. */
export interface ClusterChoice {
  readonly name: string;
  /** How many of several templates are there, readiness, version, Flux, taints, provider and region, in this order. */
  readonly description: string;
  /** What stands against it: taints that are not tolerated, APIs that it lacks. '' when nothing does. */
  readonly obstacle: string;
  /** All of the templates are there already. */
  readonly isPicked: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly provider: string;
  readonly region: string;
  readonly zones: readonly string[];
}

/** What one cluster's manifest is to become: an edited copy of what the preview shows. */
export interface OverrideRequest {
  readonly template: string;
  readonly clusters: PickedClusters;
  readonly edits: OverrideEdits;
  readonly folder?: string;
}

export type OverrideEdits =
  /** Sets or removes (without a value) what JSON pointers name. */
  | {
      readonly type: 'pointers';
      readonly values: readonly { readonly path: string; readonly valueText?: string }[];
    }
  /** The YAML text of the manifest as it is to be. */
  | { readonly type: 'manifest'; readonly text: string };
