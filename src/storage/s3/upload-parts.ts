import fs from 'node:fs';
import type { CompletedPart, S3Client } from '@aws-sdk/client-s3';

const PART_BYTES = 8 * 1024 * 1024;
/** S3 allows 10,000. */
const PARTS_MAX = 9_000;

/**
 * Uploads a long file in parts, one in memory at a time, each with a checksum that the server
 * compares. Aborts the upload when a part fails.
 */
export async function uploadParts(
  sdk: typeof import('@aws-sdk/client-s3'),
  client: S3Client,
  at: { readonly Bucket: string; readonly Key: string },
  localPath: string,
  length: number,
): Promise<void> {
  const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand({ ...at, ChecksumAlgorithm: 'CRC32' }));
  const upload = { ...at, UploadId: UploadId! };
  const partBytes = Math.max(PART_BYTES, Math.ceil(length / PARTS_MAX));
  const file = await fs.promises.open(localPath, 'r');
  try {
    const parts: CompletedPart[] = [];
    for (let start = 0; start < length; start += partBytes) {
      const Body = Buffer.allocUnsafe(Math.min(partBytes, length - start));
      const { bytesRead } = await file.read(Body, 0, Body.length, start);
      if (bytesRead !== Body.length) throw new Error(`${localPath} is shorter than ${length} bytes`);
      const PartNumber = parts.length + 1;
      const { ETag, ChecksumCRC32 } = await client.send(
        new sdk.UploadPartCommand({
          ...upload,
          PartNumber,
          Body,
          ContentLength: Body.length,
          ChecksumAlgorithm: 'CRC32',
        }),
      );
      parts.push({ PartNumber, ETag, ...(ChecksumCRC32 === undefined ? {} : { ChecksumCRC32 }) });
    }
    await client.send(new sdk.CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } }));
  } catch (error) {
    // The reply to a completed upload may have been lost: a retry then finds no upload, but the
    // object.
    if ((error as Error).name === 'NoSuchUpload' && (await lengthOf(sdk, client, at)) === length) return;
    await client.send(new sdk.AbortMultipartUploadCommand(upload)).catch(() => {});
    throw error;
  } finally {
    await file.close();
  }
}

async function lengthOf(
  sdk: typeof import('@aws-sdk/client-s3'),
  client: S3Client,
  at: { readonly Bucket: string; readonly Key: string },
): Promise<number | null> {
  try {
    return (await client.send(new sdk.HeadObjectCommand(at))).ContentLength ?? null;
  } catch {
    return null;
  }
}
