/** Where clients may be at other processes: the last one that took a job has its clients. */
export interface Elsewhere {
  take(code: string): Promise<void>;
  /** Whether this process is that one. */
  has(code: string): Promise<boolean>;
}
