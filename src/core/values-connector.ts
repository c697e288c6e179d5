/** The name of the connector that reads the rows of VALUES. A SQL text cannot name it. */
export const VALUES_CONNECTOR = 'values';
