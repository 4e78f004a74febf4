//! Exports of Zoho.

use super::check;

#[test]
fn quirks_of_zoho() {
    check(&[
        (
            "the postal code is called Billing Code",
            "Record Id,Account Owner.id,Account Owner,Account Name,Phone,Parent Account.id,Website,Billing City,Billing State,Billing Code,Billing Country,Locked\nzcrm_4876876000000623001,zcrm_1,Ann,Quellbrink,,,x.de,,,,,FALSE\n",
            "accounts",
            &[
                ("Billing Code", "postal-code"),
                ("Record Id", "id"),
                ("Account Name", "name"),
                ("Parent Account.id", "-"),
            ],
        ),
        (
            "the newer address has blanks around the slash",
            "Record Id,Account Owner.id,Account Name,Billing Address - City,Billing Address - State / Province,Billing Address - Country / Region\nzcrm_4876876000000623001,zcrm_1,Quellbrink,Ulm,,Germany\n",
            "accounts",
            &[
                ("Billing Address - City", "city"),
                ("Billing Address - State / Province", "state"),
                ("Billing Address - Country / Region", "country"),
            ],
        ),
        (
            "lookups come as a pair",
            "Record Id,Contact Owner.id,First Name,Last Name,Account Name.id,Account Name,Vendor Name.id,Vendor Name,Email,Email Opt Out\nzcrm_4876876000000623002,zcrm_1,A,B,zcrm_4876876000000623001,Quellbrink,,,a@x.de,FALSE\n",
            "contacts",
            &[
                ("Account Name.id", "account-id"),
                ("Account Name", "account-name"),
                ("Vendor Name", "-"),
                ("Email Opt Out", "email-opt-out"),
            ],
        ),
        (
            "bulk files write underscores",
            "Id,Account_Name.id,First_Name,Last_Name,Email\n4876876000000623002,7,A,B,a@x.de\n",
            "contacts",
            &[("Account_Name.id", "account-id"), ("Last_Name", "last-name")],
        ),
        (
            "bulk files may be written with colons",
            "Record Id:Account Name:Website\nzcrm_1:Quellbrink:x.de\nzcrm_2:Vossmoor:y.de\n",
            "accounts",
            &[("Record Id", "id"), ("Account Name", "name"), ("Website", "website")],
        ),
    ]);
}
