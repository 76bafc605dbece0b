import Database from 'better-sqlite3';
import { deliveryPath } from '../deliveries/deliveries.js';

/** From now on the delivery table of a data directory takes no new row, as on a full disk. */
export const refuseDeliveries = (directory: string): void => {
  const db = new Database(deliveryPath(directory));
  db.exec(`CREATE TRIGGER full BEFORE INSERT ON deliveries
    BEGIN SELECT RAISE(ABORT, 'no room'); END`);
  db.exec('UPDATE read_up_to SET position = 0; DELETE FROM deliveries');
  db.close();
};
