/** What lifts the policy's reasons against some models for a subject, until its end. */
export interface Exception {
  /** `exc_…` */
  id: string;
  subjectId: string;
  /** Selectors, as in `disabledModels`. */
  models: readonly string[];
  until: Date;
}
