/** What happened, where, and what to do next. */
export interface Copy {
  readonly title: string;
  readonly detail: string;
  readonly action?: string;
}

/** One sentence for every problem of an area, and for no other. */
export type Sentences<Area> = { readonly [C in keyof Area]: (data: Area[C]) => Copy };
