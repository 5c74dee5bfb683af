/** A host that goes back to a checkpoint, for tests that kill it meanwhile. */
import { ShadowCheckpointService } from '../../src/embed/shadow-checkpoint-service.ts';

const [, , workspacePath = '', storagePath = '', commit = ''] = process.argv;
const service = new ShadowCheckpointService({
  taskId: 'task-1',
  workspacePath,
  storagePath,
  logger: {},
});
await service.init();
await service.restoreCheckpoint(commit);
await service.close();
