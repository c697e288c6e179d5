/** The service has broken a promise. */
export class Violation extends Error {}
