/**
 * Makes an empty bucket on a test server, with the keys of the environment:
 * `node test/kill/make-bucket.ts http://host:port/bucket`.
 */
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';

const { origin, pathname } = new URL(process.argv[2]!);
const client = new S3Client({ endpoint: origin, region: 'us-east-1', forcePathStyle: true });
await client.send(new CreateBucketCommand({ Bucket: pathname.slice(1) }));
client.destroy();
