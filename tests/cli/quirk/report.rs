//! Propensity reports.

use super::check;

#[test]
fn quirks_of_reports() {
    check(&[
        (
            "headers of 2021 are joined or spaced otherwise",
            "MPN ID,Customer ID,Account Name,Domain,Sub Segment,AzureCluster,AzureFit,Azure Intent\n1,30000001,Quellbrink,x.de,Medium,Act now,80,High\n",
            "azure",
            &[
                ("Customer ID", "id"),
                ("Account Name", "name"),
                ("Sub Segment", "sub-segment"),
                ("MPN ID", "partner-id"),
            ],
        ),
        (
            "the Japanese customer id",
            "顧客 ID,AccountName,Domain,M365Cluster,M365Fit\n30000001,山田,x.jp,評価,60\n",
            "m365",
            &[("顧客 ID", "id")],
        ),
        (
            "a comma inside a header",
            "CustomerID,AccountName,Domain,\"D365_AX Customer, No BC/Finance\",D365BCFit\n30000001,Quellbrink,x.de,Yes,80\n",
            "d365",
            &[("CustomerID", "id")],
        ),
        (
            "columns that stand twice",
            "CustomerID,AccountName,Domain,SurfaceFit,SurfaceIntent,HasGoogle,SurfaceFit,SurfaceIntent,HasGoogle,SurfaceCluster\n30000001,Quellbrink,x.de,80,80,No,80,80,No,Act Now\n",
            "surface",
            &[("CustomerID", "id"), ("Domain", "domain")],
        ),
        (
            "a comma less report of a German Excel",
            "CustomerID;AccountName;Domain;Agreement ID;Agreement End Date;Expiring Revenue\n30000001;Quellbrink;x.de;A1;31.12.2026;1.234,50\n",
            "renewals",
            &[("Agreement End Date", "agreement-end"), ("Expiring Revenue", "expiring-revenue")],
        ),
    ]);
}
